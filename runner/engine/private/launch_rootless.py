"""The private engine's command line as an ordinary user: dockerd below rootlesskit."""

import os
import pwd
from pathlib import Path

from runner.engine.packaging import require
from runner.engine.private import rootlesskit_api
from runner.engine.private.launch_root import PROGRAMS as DAEMON_PROGRAMS
from runner.engine.private.launch_root import daemon, enclosed
from runner.engine.private.places import Places
from runner.errors import EngineError

PROGRAMS = (*DAEMON_PROGRAMS, "rootlesskit", "newuidmap", "newgidmap")
IDS = 65536
"""How many ids images expect."""


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """What the supervisor executes.

    With a cgroup of this user's as parent, dockerd takes the user namespace for a machine, and enforces limits.
    Without one it must be told that it is `--rootless`, which starts containers without any.

    `--net=host` needs no helper program; the daemon gets an empty network namespace right after.

    Raises:
        EngineError: a program or the subordinate ids are missing.
    """
    for program in PROGRAMS:
        require(program)
    require_subordinate_ids()
    if cgroup_parent:
        inner = [*enclosed(places), *daemon(places), f"--cgroup-parent={cgroup_parent}"]
    else:
        state = f"--env=ROOTLESSKIT_STATE_DIR={rootlesskit_api.folder(places)}"
        inner = [*enclosed(places, state), *daemon(places), "--rootless"]
    return [
        require("rootlesskit"),
        f"--state-dir={places.runtime / 'rootlesskit'}",
        *("--net=host", "--pidns", "--propagation=rslave"),
        *(require("unshare"), "--net"),
        *inner,
    ]


def require_subordinate_ids() -> None:
    """Raise EngineError, with the command that helps, if this user has no subordinate ids."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    for file in (Path("/etc/subuid"), Path("/etc/subgid")):
        if not has_range(file, user, os.geteuid()):
            raise EngineError(
                f"{user} has no 65,536 subordinate ids in {file}, which a user namespace with several users needs",
                remedy=f"give it a range: sudo {' '.join(range_command(user))}",
            )


def range_command(user: str, *, etc: Path = Path("/etc")) -> list[str]:
    """What root runs to give `user` a range of ids that no other user has."""
    first = max([100000, *(end for name in ("subuid", "subgid") for end in _ends(etc / name))])
    span = f"{first}-{first + IDS - 1}"
    return ["usermod", "--add-subuids", span, "--add-subgids", span, user]


def has_range(file: Path, user: str, uid: int) -> bool:
    """Whether `file` gives the user at least the 65,536 ids that images expect."""
    return any(name in {user, str(uid)} and count >= IDS for name, _, count in _entries(file))


def _ends(file: Path) -> list[int]:
    return [first + count for _, first, count in _entries(file)]


def _entries(file: Path) -> list[tuple[str, int, int]]:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return []
    entries = [line.split(":") for line in lines if line.count(":") == 2]
    return [
        (n, int(first), int(count)) for n, first, count in entries if first.isdecimal() and count.isdecimal()
    ]
