"""The private engine's command line as root: dockerd in namespaces of its own, its containers in a user namespace."""

from pathlib import Path

from runner.engine.private.places import Places
from runner.engine.programs import find, require

PACKAGES = ("docker.io",)


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """What the supervisor executes.

    Its own network namespace is what makes `--bridge=none` safe: in the host's it would delete the host's `docker0`.
    Its own pid namespace makes everything end with its first process, which `docker-init` is, to reap the shims.

    Raises:
        EngineError: a program is missing.
    """
    init = find("docker-init") or find("tini")
    return [
        require("unshare", "util-linux"),
        *("--mount", "--net", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"),
        *([init, "--"] if init else []),
        require("dockerd", *PACKAGES),
        *daemon_options(places),
        "--userns-remap=default",
        f"--cgroup-parent={cgroup_parent}",
    ]


def daemon_options(places: Places) -> list[str]:
    """What both ways of starting have in common."""
    return [
        f"--host={places.endpoint}",
        f"--data-root={places.docker_data}",
        f"--exec-root={places.exec_root}",
        f"--pidfile={places.runtime / 'docker.pid'}",
        f"--config-file={configuration(places.runtime)}",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        # systemd, where it runs, counts in the host's pid namespace; as an ordinary user this means no cgroups.
        "--exec-opt=native.cgroupdriver=cgroupfs",
        "--log-driver=json-file",
        "--log-opt=max-size=4m",
    ]


def configuration(runtime: Path) -> Path:
    """The configuration file, which must exist lest the host's be read; it holds nothing."""
    return runtime / "daemon.json"
