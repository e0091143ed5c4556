"""The private engine of an ordinary user: a daemon below rootlesskit."""

import os
import pwd
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import runner
from runner.engine.packaging import require
from runner.engine.private import enclosure, rootlesskit_api, user_scope
from runner.engine.private.launch_root import PROGRAMS as DAEMON_PROGRAMS
from runner.engine.private.launch_root import daemon, program_paths, variables
from runner.engine.private.linux import die_with_parent
from runner.engine.private.places import Places
from runner.engine.processes import descendants
from runner.engine.programs import search_path
from runner.errors import EngineError

PROGRAMS = (*DAEMON_PROGRAMS, "rootlesskit", "newuidmap", "newgidmap")
IDS = 65536
"""The number of ids that images expect."""


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """Return the command that the supervisor executes.

    With a cgroup of this user as parent, dockerd treats the user namespace as a machine, and enforces limits. Without
    one it needs `--rootless`, which starts containers without limits.

    `--net=host` needs no helper program; the daemon gets an empty network namespace right after.

    Raises:
        EngineError: a program or the subordinate ids are missing.
    """
    for program in PROGRAMS:
        require(program)
    require_subordinate_ids()
    programs = program_paths()
    way = {} if cgroup_parent else {"ROOTLESSKIT_STATE_DIR": str(rootlesskit_api.folder(places))}
    inner = enclosure.arguments(
        root=places.root,
        listen=places.socket,
        programs=programs,
        writable=[places.exec_root, places.docker_data],
        variables=variables(programs) | way,
    )
    return [
        require("rootlesskit"),
        f"--state-dir={places.exec_root / 'rootlesskit'}",
        *("--net=host", "--pidns", "--propagation=rslave"),
        *(sys.executable, "-m", enclosure.__name__, *inner),
        *daemon(places),
        f"--cgroup-parent={cgroup_parent}" if cgroup_parent else "--rootless",
    ]


def launch(places: Places, log: BinaryIO) -> "Rootless":
    """Start the daemon below rootlesskit, limited by a cgroup if this user has one.

    Raises:
        EngineError: a program or the subordinate ids are missing.
    """
    parent = user_scope.enter()
    words = command(places, cgroup_parent=parent)
    temporary = places.exec_root / "tmp"
    for folder in (temporary, places.docker_data, places.root):
        folder.mkdir(parents=True, exist_ok=True)
    places.show_profile()
    environment = {
        "PATH": search_path(),
        "PYTHONPATH": os.pathsep.join([str(Path(runner.__file__).parent.parent), *filter(None, sys.path)]),
        "TMPDIR": str(temporary),
        "XDG_RUNTIME_DIR": str(temporary),
    }
    launched = Rootless(
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread until the next line
        )
    )
    if not parent:
        rootlesskit_api.serve(places)
    return launched


class Rootless:
    """rootlesskit, and the daemon below it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Wait for its end, and return its exit status."""
        return self._process.wait()

    def terminate(self) -> None:
        """Ask the daemon to end; ending rootlesskit would kill it at once."""
        for inner in descendants(self.pid)[:1]:
            with suppress(OSError):
                os.kill(inner, signal.SIGTERM)

    def kill(self) -> None:
        """End all of it."""
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)


def user_name() -> str:
    """This user's name; "" if the system has none, as in a container that runs as any number."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return ""


def require_subordinate_ids() -> None:
    """Raise EngineError, with the command that helps, if this user has no subordinate ids."""
    user = user_name()
    if not user:
        raise EngineError(
            f"the user {os.geteuid()} has no name on this system, and so no subordinate ids",
            remedy="run it as a user with an entry in /etc/passwd, or name an engine with --engine",
        )
    for file in (Path("/etc/subuid"), Path("/etc/subgid")):
        if not has_range(file, user, os.geteuid()):
            raise EngineError(
                f"{user} has no 65,536 subordinate ids in {file}, which a user namespace with several users needs",
                remedy=f"give it a range: sudo {' '.join(range_command(user))}",
            )


def range_command(user: str, *, etc: Path = Path("/etc")) -> list[str]:
    """The command with which root gives `user` a range of ids that no other user has."""
    ends = [first + count for name in ("subuid", "subgid") for _, first, count in _entries(etc / name)]
    first = max([100000, *ends])
    span = f"{first}-{first + IDS - 1}"
    return ["usermod", "--add-subuids", span, "--add-subgids", span, user]


def has_range(file: Path, user: str, uid: int) -> bool:
    """True if `file` gives the user at least the 65,536 ids that images expect."""
    return any(name in {user, str(uid)} and count >= IDS for name, _, count in _entries(file))


def _entries(file: Path) -> list[tuple[str, int, int]]:
    try:
        lines = file.read_text(errors="replace").splitlines()
    except OSError:
        return []
    entries = [line.split(":") for line in lines if line.count(":") == 2]
    return [
        (n, int(first), int(count)) for n, first, count in entries if first.isdecimal() and count.isdecimal()
    ]
