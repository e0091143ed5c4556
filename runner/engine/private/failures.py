"""The reason why the private engine did not start, from its log, and a remedy."""

import re
from pathlib import Path

from runner.errors import EngineError
from runner.language import tr

TOO_SLOW = "timeout waiting for containerd to start"
"""dockerd's message on a machine so slow that dockerd's fixed time limit is too short."""
_CAUSES = (
    (
        TOO_SLOW,
        "this machine is very busy or very slow: try again when it has less to do",
    ),
    (
        r"newuidmap.*(not permitted|exited|failed)|failed to setup UID/GID map",
        "the subordinate ids could not be mapped: newuidmap and newgidmap must be owned by root and setuid (or have "
        "the capabilities cap_setuid and cap_setgid), and not lie on a file system without setuid programs",
    ),
    (
        r"fork/exec /proc/self/exe: (operation not permitted|permission denied|no space left on device)",
        "ordinary users may not make user namespaces here; an administrator opens them with "
        "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 kernel.unprivileged_userns_clone=1 "
        "user.max_user_namespaces=15000` (those of the three that exist)",
    ),
    (r"unshare failed|unshare: .*(not permitted)", "the labs need a machine where namespaces can be made"),
    (r"no space left on device", "free some space on the disk"),
    (
        r"driver not supported|failed to mount overlay|error initializing graphdriver",
        "put the engine's data on a common Linux file system (ext4, xfs, btrfs) with WORKSHOP_ENGINE_DIR",
    ),
    (
        r"enclose the private engine",
        "this machine forbids mounts in a namespace of one's own; run the workshop outside of this container",
    ),
)
_ENDED = re.compile(r"^\[rootlesskit:(child|parent) *\] error: (command|child) ")
"""Lines that only follow an earlier error."""
_TROUBLE = re.compile(
    r"level=(error|fatal|panic)|error:|^(failed|panic|unshare|Traceback)|cannot ", re.IGNORECASE
)


def start_failure(log: str, path: Path) -> EngineError:
    """An error for an engine that did not start, whose log `log` is in the file `path`."""
    message = tr(
        "the private engine did not start: {words}", words=last_words(log) or tr("it printed nothing")
    )
    for pattern, remedy in _CAUSES:
        if re.search(pattern, log):
            return EngineError(message, remedy=tr(remedy))
    return EngineError(message, remedy=tr("its whole log is {path}", path=path))


def last_words(log: str) -> str:
    """The last lines that report trouble, else the last ones; "" for an empty log."""
    lines = log.strip().splitlines()
    troubles = [line for line in lines if _TROUBLE.search(line)]
    causes = [line for line in troubles if not _ENDED.search(line)]
    words = [_message(line) for line in causes or troubles or lines]
    return " | ".join(line[:400] for line in words[-3:])


def _message(line: str) -> str:
    """The text of one of dockerd's log lines, or the line."""
    found = re.search(r'msg="((?:[^"\\]|\\.)*)"', line)
    return found[1].replace('\\"', '"') if found else line
