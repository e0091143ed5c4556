"""The private engine of root: a daemon that is root in its own user namespace, and unprivileged on the machine."""

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import BinaryIO

from runner.engine.packaging import require
from runner.engine.private import daemon_root, namespaces
from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.data_disk import DataDisk
from runner.engine.private.id_range import IdRange
from runner.engine.private.leftovers import forget_containers
from runner.engine.private.namespaces import Enclosed
from runner.engine.private.places import Places
from runner.engine.programs import find
from runner.errors import EngineError

PROGRAMS = ("dockerd", "containerd", "runc")
_SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_TAKE_SOCKET = 'LISTEN_PID=$$ exec "$@"'
"""A process accepts a listening socket only if the variable has its own number: sd_listen_fds(3)."""


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """Return the command executed in the enclosure; `docker-init` reaps the shims.

    Its own network namespace is what makes `--bridge=none` safe: in the host's it would delete the host's `docker0`.

    Raises:
        EngineError: a program is missing.
    """
    for program in PROGRAMS:
        require(program)
    init = find("docker-init") or find("tini")
    return [
        *([init, "--"] if init else []),
        *("/bin/sh", "-c", _TAKE_SOCKET, "sh"),
        *daemon(places),
        f"--userns-remap={daemon_root.REMAPPED}",
        f"--cgroup-parent={cgroup_parent}",
    ]


def launch(places: Places, cgroup: EngineCgroup, log: BinaryIO) -> Enclosed:
    """Start the daemon, which sees only its own folders and its programs.

    It receives its socket, which is in a place where no container can replace it.

    Raises:
        EngineError: something is missing, or cannot be created.
    """
    words = command(places, cgroup_parent=cgroup.parent)
    ids = IdRange.of(places.data)
    try:
        places.root.mkdir(exist_ok=True)
        for folder in (places.exec_root, places.docker_data):
            _give(folder, ids.daemon)
        places.show_profile()
    except OSError as error:
        raise EngineError(f"cannot prepare the private engine's folders: {error}") from error
    disk = DataDisk(places.data, ids.daemon)
    has_disk = disk.prepare()
    programs = program_paths()

    def arrange() -> None:
        cgroup.enter()
        if has_disk:
            try:
                disk.mount(places.docker_data)
            except OSError as error:
                print(f"no disk of its own, so the data is not bounded: {error}", file=sys.stderr)
        folders = {folder: folder for folder in (places.exec_root, places.docker_data)}
        daemon_root.build(places.root, owner=ids.daemon, programs=programs, writable=folders)

    cgroup.create(owner=ids.daemon)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        places.socket.unlink(missing_ok=True)
        listener.bind(str(places.socket))
        listener.listen(128)
        return namespaces.start(
            words,
            ids=ids.map,
            arrange=arrange,
            settle=lambda: forget_containers(places.docker_data),
            environment=variables(programs) | {"LISTEN_FDS": "1"},
            descriptors={1: log.fileno(), 2: log.fileno(), 3: listener.fileno()},
        )


def program_paths() -> list[str]:
    """The paths of the daemon's programs."""
    return [path for path in map(find, (*PROGRAMS, "docker-init", "tini")) if path]


def variables(programs: list[str]) -> dict[str, str]:
    """The daemon's complete environment: nothing in it leads to the user's settings or proxies."""
    search = dict.fromkeys([*(str(Path(path).parent) for path in programs), *_SEARCH.split(":")])
    own = "/tmp"  # noqa: S108 - it sees one of its own
    return {"PATH": ":".join(search), "TMPDIR": own, "XDG_RUNTIME_DIR": own, "HOME": own}


def daemon(places: Places) -> list[str]:
    """Return the daemon's command with the options that both ways of starting share.

    Raises:
        EngineError: the daemon is not installed.
    """
    return [
        require("dockerd"),
        "--host=fd://",
        f"--data-root={places.docker_data}",
        f"--exec-root={places.exec_root}",
        f"--pidfile={places.exec_root / 'docker.pid'}",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        # Without a bridge nothing is published, so docker-proxy is not needed.
        "--userland-proxy=false",
        # systemd, if it runs, counts in the host's pid namespace.
        "--exec-opt=native.cgroupdriver=cgroupfs",
        "--log-driver=json-file",
        "--log-opt=max-size=4m",
        *([f"--seccomp-profile={places.shown_profile}"] if places.profile.exists() else []),
    ]


def _give(folder: Path, owner: int) -> None:
    """Create the folder for the owner; the data of an engine with other ids in it are useless, so remove them."""
    if folder.exists() and folder.stat().st_uid != owner:
        shutil.rmtree(folder)
    folder.mkdir(exist_ok=True, mode=0o711)
    os.chown(folder, owner, owner)
