"""Messages about a profile's file that an engine, or the kubelet's runtime, does not get at."""

import re
from typing import NamedTuple

from runner.profile.evidence.messages.model import Told

_OF_FILE = re.compile(
    r"cannot load seccomp profile|open(?:ing)? seccomp (?:profile|file)|load(?:ing)? (?:local )?seccomp profile"
    r"|load local profile \"|seccomp profile \S{1,300} not found",
    re.IGNORECASE,
)
"""What a message says that is about the file."""
_NODE = re.compile(r"kubelet|/seccomp/")


class _Fault(NamedTuple):
    """A fault of the file, with the next step; `on_node` is another one for a file of Kubernetes, "" for the same."""

    pattern: str
    meaning: str
    step: str
    on_node: str = ""


_FAULTS = (
    _Fault(
        r"open(?:ing)? seccomp profile \(\) failed",
        "the option names no file",
        "write `--security-opt seccomp=FILE`; where a variable gives the name, it is empty",
    ),
    _Fault(
        r"no such file| not found",
        "the profile's file is not where it is looked for",
        "put the file there",
        on_node="put the file on the node, below the kubelet's folder seccomp",
    ),
    _Fault(
        r"permission denied",
        "the profile's file may not be read",
        "look at its permissions, and those of the folders above; docker's command from a snap reads files below the "
        "home folder alone",
    ),
    _Fault(
        r"is a directory",
        "the profile's file is a folder: a name is left out, or a mount of a missing file has made it",
        "name the file",
    ),
)
_BY_PATTERN = tuple((re.compile(fault.pattern, re.IGNORECASE), fault) for fault in _FAULTS)


def profile_file(text: str) -> Told | None:
    """What a message says of a profile's file; None for one about something else."""
    if not _OF_FILE.search(text):
        return None
    for pattern, fault in _BY_PATTERN:
        if pattern.search(text):
            step = fault.on_node if fault.on_node and _NODE.search(text) else fault.step
            return Told((), fault.meaning, runtime=True, refused=True, step=step)
    return None
