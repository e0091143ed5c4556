"""The private engine's command line as an ordinary user: dockerd below rootlesskit."""

import os
import pwd
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from runner.engine.private.launch_root import daemon_options
from runner.engine.private.linux import die_with_parent
from runner.engine.private.places import Places
from runner.engine.processes import descendants
from runner.engine.programs import require
from runner.errors import EngineError

PACKAGES = ("docker.io", "rootlesskit", "uidmap")
_MASKED = "rm -f /run/docker /run/containerd /run/xtables.lock"
"""The host's runtime folders, which rootlesskit's copy of /run links to."""


def command(places: Places) -> list[str]:
    """What the supervisor executes.

    `--net=host` spares slirp4netns; the daemon gets an empty network namespace right after.

    Raises:
        EngineError: a program or the subordinate ids are missing.
    """
    require("newuidmap", "uidmap")
    require_subordinate_ids()
    daemon = [
        require("dockerd", "docker.io"),
        "--rootless",
        f"--host={places.endpoint}",
        f"--config-file={_configuration(places)}",
        *daemon_options(places),
    ]
    return [
        require("rootlesskit", "rootlesskit"),
        f"--state-dir={places.exec_root / 'rootlesskit'}",
        *("--net=host", "--copy-up=/etc", "--copy-up=/run", "--pidns", "--propagation=rslave"),
        *("sh", "-c", f"{_MASKED}; exec {require('unshare', 'util-linux')} --net {shlex.join(daemon)}"),
    ]


def launch(places: Places, log: BinaryIO) -> "Rootless":
    """Start the daemon below rootlesskit.

    Raises:
        EngineError: a program or the subordinate ids are missing.
    """
    words = command(places)
    temporary = places.exec_root / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    _configuration(places).write_text("{}")
    # Nothing that would point it, or rootlesskit, at other engines' folders.
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("DOCKER_", "LD_", "PYTHON"))
    }
    return Rootless(
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=kept | {"XDG_RUNTIME_DIR": str(temporary), "TMPDIR": str(temporary)},
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
        )
    )


class Rootless:
    """rootlesskit, and the daemon below it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Its exit status when it has ended."""
        return self._process.wait()

    def terminate(self) -> None:
        """Ask the daemon to end: rootlesskit would end it at once."""
        for inner in descendants(self.pid)[:1]:
            with suppress(OSError):
                os.kill(inner, signal.SIGTERM)

    def kill(self) -> None:
        """End all of it."""
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)


def _configuration(places: Places) -> Path:
    """The configuration file, which must exist lest the host's be read; it holds nothing."""
    return places.exec_root / "daemon.json"


def require_subordinate_ids() -> None:
    """Raise EngineError, with the command that helps, if this user has no subordinate ids."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    for file in (Path("/etc/subuid"), Path("/etc/subgid")):
        if not has_range(file, user, os.geteuid()):
            raise EngineError(
                f"{user} has no 65,536 subordinate ids in {file}, which a user namespace with several users needs",
                remedy=f"give it a range: sudo usermod --add-subuids 200000-265535 --add-subgids 200000-265535 {user}",
            )


def has_range(file: Path, user: str, uid: int) -> bool:
    """Whether `file` gives the user at least the 65,536 ids that images expect."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return False
    entries = [line.split(":") for line in lines if line.count(":") == 2]
    return any(
        name in {user, str(uid)} and count.isdecimal() and int(count) >= 65536 for name, _, count in entries
    )
