"""The private engine's command line as an ordinary user: dockerd below rootlesskit."""

import os
import pwd
import shlex
from pathlib import Path

from runner.engine.private.launch_root import daemon_options
from runner.engine.private.places import Places
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
    daemon = [require("dockerd", "docker.io"), "--rootless", *daemon_options(places)]
    return [
        require("rootlesskit", "rootlesskit"),
        f"--state-dir={places.runtime / 'rootlesskit'}",
        *("--net=host", "--copy-up=/etc", "--copy-up=/run", "--pidns", "--propagation=rslave"),
        *("sh", "-c", f"{_MASKED}; exec {require('unshare', 'util-linux')} --net {shlex.join(daemon)}"),
    ]


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
