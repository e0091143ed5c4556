"""The first program below rootlesskit: hides all of the machine but the engine's part, and becomes the daemon.

As a separate program it has only one thread, and is in rootlesskit's namespaces, where it may mount.
"""

import argparse
import os
import socket
import sys
from pathlib import Path

from runner.engine.private.daemon_root import build
from runner.engine.private.leftovers import forget_containers
from runner.engine.private.linux import CLONE_NEWNET, MS_REC, MS_SLAVE, mount, unshare

_LISTENER = 3
"""The descriptor on which a process receives a listening socket: sd_listen_fds(3)."""


def arguments(
    *, root: Path, listen: Path, programs: list[str], writable: list[Path], variables: dict[str, str]
) -> list[str]:
    """This program's command line, to be followed by `--` and the daemon's."""
    return [
        *(f"--root={root}", f"--listen={listen}"),
        *(f"--program={path}" for path in programs),
        *(f"--writable={path}" for path in writable),
        *(f"--env={name}={value}" for name, value in variables.items()),
        "--",
    ]


def main(argv: list[str]) -> None:
    """Build the daemon's root folder, enter it, and execute the command after `--`."""
    parser = argparse.ArgumentParser(prog="enclosure")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--listen", type=Path, required=True)
    parser.add_argument("--program", action="append", default=[])
    parser.add_argument("--writable", action="append", default=[], type=Path)
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("daemon", nargs="+")
    chosen = parser.parse_args(argv)
    # Mounts made here stay here, and unmounts on the machine take effect.
    mount("none", "/", flags=MS_REC | MS_SLAVE)
    unshare(CLONE_NEWNET)
    _take_socket(chosen.listen)
    build(chosen.root, owner=0, programs=chosen.program, writable={path: path for path in chosen.writable})
    for folder in chosen.writable:
        forget_containers(folder)
    environment = dict(entry.split("=", 1) for entry in chosen.env)
    environment |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
    os.execve(chosen.daemon[0], chosen.daemon, environment)  # noqa: S606 - a path, and no shell is wanted


def _take_socket(path: Path) -> None:
    """Create the daemon's socket outside, where no container can replace it."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(128)
    descriptor = listener.detach()
    if descriptor == _LISTENER:
        os.set_inheritable(descriptor, True)
    else:
        os.dup2(descriptor, _LISTENER)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"error: cannot enclose the private engine: {error}")
