"""The daemon's view: a shell replaces the daemon, below a user namespace like rootlesskit's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import runner
from runner.engine.private import enclosure

# A machine with everything that an engine might take for its own.
HOST = """
set -e
mount -t tmpfs host /run
mount -t tmpfs host /etc
mount -t tmpfs host /opt
mkdir -p /run/containerd /run/docker/plugins /run/dbus /run/nri /run/user/1000 /opt/nri/plugins /opt/containerd
mkdir -p /etc/docker/plugins /etc/cdi /etc/containerd /etc/nri/conf.d /etc/cni/net.d /run/cdi
for socket in containerd/containerd.sock docker/plugins/theirs.sock docker.sock dbus/system_bus_socket nri/nri.sock
do echo socket >/run/$socket; done
for file in docker/daemon.json docker/plugins/theirs.spec cdi/gpu.json containerd/config.toml nri/conf.d/theirs
do echo host >/etc/$file; done
echo host >/run/cdi/gpu.json
"""
APPARMOR = """
mount -t tmpfs fake /sys/kernel/security
mkdir /sys/kernel/security/apparmor
echo profile >/sys/kernel/security/apparmor/profiles
chmod 0 /sys/kernel/security/apparmor/profiles
"""


class Folders:
    """The folders that an engine of this user would have."""

    def __init__(self, folder: Path) -> None:
        self.root, self.data, self.runtime = folder / "root", folder / "data", folder / "run"
        for path in (self.root, self.data, self.runtime):
            path.mkdir()
        self.socket = folder / "docker.sock"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def inside(folders: Folders, script: str, *, host: str = HOST, **variables: str) -> list[str]:
    """The lines that `script` prints in the daemon's place, on a machine that `host` has furnished."""
    options = enclosure.arguments(
        root=folders.root,
        listen=folders.socket,
        programs=["/bin/sh"],
        writable=[folders.data, folders.runtime],
        variables={"PATH": "/usr/bin:/bin"},
    )
    program = [sys.executable, "-m", enclosure.__name__, *options, "/bin/sh", "-c", script]
    namespaces = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"]
    search = os.pathsep.join([str(Path(runner.__file__).parent.parent), *filter(None, sys.path)])
    done = subprocess.run(
        [*namespaces, "sh", "-c", f'{host}\nexec "$@"', "sh", *program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": search} | variables,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_no_engine_plugin_device_or_bus_of_the_machine_is_there(folders: Folders) -> None:
    assert inside(folders, "find /run /etc/docker /opt /var /home /root /srv /mnt 2>/dev/null | sort") == [
        *("/etc/docker", "/run", "/var", "/var/run")
    ]


@pytest.mark.parametrize("name", ["cdi", "containerd", "nri", "cni", "ssl", "shadow"])
def test_no_settings_of_the_machine_are_there(folders: Folders, name: str) -> None:
    assert inside(folders, f"ls -d /etc/{name} 2>/dev/null || echo none", host=HOST) == ["none"]


def test_its_own_folders_are_visible_and_its_files_stay(folders: Folders) -> None:
    inside(folders, f"echo new >{folders.data}/file; echo key >/etc/docker/key.json; echo x >/run/containerd")
    assert (folders.data / "file").read_text() == "new\n"


def test_the_variables_are_those_that_it_is_given(folders: Folders) -> None:
    theirs = {
        "ROOTLESSKIT_STATE_DIR": "/theirs",
        "DOCKER_HOST": "tcp://theirs",
        "HTTPS_PROXY": "http://theirs",
    }
    seen = inside(folders, "env | cut -d= -f1 | grep -vx PWD | sort", **theirs)
    assert seen == ["LISTEN_FDS", "LISTEN_PID", "PATH"]


def test_it_receives_a_socket_that_is_outside(folders: Folders) -> None:
    script = (
        f"[ $LISTEN_PID = $$ ] && readlink /proc/self/fd/3 | cut -d: -f1; ls {folders.socket} 2>&1 | wc -l"
    )
    assert inside(folders, script) == ["socket", "1"]
    assert folders.socket.is_socket()


def test_apparmor_is_not_to_be_seen_so_that_it_need_not_be_readable(folders: Folders) -> None:
    """If it is visible but not readable, every container without `apparmor=unconfined` ends before it starts."""
    if not Path("/sys/kernel/security").is_dir():
        pytest.skip("this kernel has no securityfs to fake")
    assert inside(folders, "ls /sys/kernel/security", host=HOST + APPARMOR) == []


def test_there_is_no_network_but_its_own(folders: Folders) -> None:
    assert inside(folders, "ls /sys/class/net") == ["lo"]


def test_a_failed_mount_is_an_error_with_its_place(folders: Folders) -> None:
    words = enclosure.arguments(
        root=folders.root, listen=folders.socket, programs=[], writable=[], variables={}
    )
    program = [sys.executable, "-m", enclosure.__name__, *words, "/bin/true"]
    search = str(Path(runner.__file__).parent.parent)
    done = subprocess.run(
        ["unshare", "--user", *program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": search},
    )
    assert done.returncode == 1
    assert "error: cannot enclose the private engine" in done.stderr
    assert "Traceback" not in done.stderr
