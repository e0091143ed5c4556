"""The state of a machine that the workshop must leave unchanged, and leftovers that it must not leave."""

from tools.machines.machine import Machine

_UNITS = ("docker.service", "docker.socket", "containerd.service")
_DOCKER = """
docker container ls --all --no-trunc --format '{{.ID}} {{.Names}} {{.State}}' | sort
docker inspect --format '{{.State.Pid}} {{.State.StartedAt}} {{.RestartCount}}' $(docker container ls --all --quiet)
docker image ls --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' | sort
docker network ls --no-trunc --format '{{.ID}} {{.Name}} {{.Driver}}' | sort
docker volume ls --format '{{.Name}}' | sort
ctr --namespace moby containers ls --quiet | sort
ctr namespaces ls --quiet | sort
"""
_ALWAYS = """
ip -brief link | cut -d' ' -f1 | sort
ip rule; ip route
iptables-save 2>/dev/null | sed 's/\\[[0-9:]*\\]//; /^#/d'
nft list ruleset 2>/dev/null | sed 's/counter packets [0-9]* bytes [0-9]*//'
sysctl net.ipv4.ip_forward net.bridge 2>/dev/null | sort
"""
_LEFT = r"""
engine='dockerd|containerd|rootlesskit|slirp4netns|runner.engine|docker-init'
pgrep --full --list-full "$engine" | grep --invert-match --extended-regexp 'pgrep|sh -c'
grep seccomp-workshop /proc/mounts
find /sys/fs/cgroup -type d -name '*seccomp-workshop*'
find /run /tmp /var/tmp -name '*seccomp-workshop*' -type s 2>/dev/null
find /tmp /var/tmp -mindepth 1 -maxdepth 1 -name '*workshop*' ! -empty 2>/dev/null
losetup --list --noheadings
systemctl list-units --all --plain --no-legend '*workshop*'
ls /run/docker /run/containerd 2>/dev/null
true
"""


def services(machine: Machine) -> dict[str, str]:
    """For each unit of the system's engine: its state, its process and start time, and whether it is enabled."""
    shown = "--property=ActiveState --property=MainPID --property=ActiveEnterTimestampMonotonic"
    found = {}
    for unit in _UNITS:
        state = " ".join(machine.ask("root", f"systemctl show --value {shown} {unit}").split())
        enabled = machine.run("root", f"systemctl is-enabled {unit}").output.split()
        starts = "starts by itself" if "enabled" in enabled else "does not start by itself"
        found[unit] = f"{state}, {starts}"
    return found


def untouched(machine: Machine, *, docker: bool) -> str:
    """Network and firewall and, with `docker`, all objects of the system's engine, for a later comparison."""
    return machine.ask("root", f"({_ALWAYS}{_DOCKER if docker else ''}) 2>&1")


def left_behind(machine: Machine) -> str:
    """Leftovers of the workshop: processes, mounts, control groups, sockets and folders; "" if there are none."""
    return machine.ask("root", _LEFT).strip()


def start_system_docker(machine: Machine, archive: str) -> None:
    """Start the system's own engine with a container that runs; its image is imported from `archive`."""
    machine.ask("root", "systemctl enable --now docker.service")
    machine.ask("root", f"docker import {archive} theirs:1 && docker volume create theirs")
    machine.ask("root", "docker run --detach --name theirs --volume theirs:/data theirs:1 sleep infinity")
    machine.ask("root", "docker create --name stopped theirs:1 true")


def stop_system_docker(machine: Machine) -> None:
    """Restore the previous state, including the files of its services in `/run`."""
    machine.ask("root", f"docker rm --force theirs stopped; systemctl disable --now {' '.join(_UNITS)}")
    machine.ask("root", "rm --recursive --force /run/docker /run/containerd")
