"""Messages about a call that a runtime, or systemd, leaves out of a filter since its libseccomp does not know it."""

import re

from runner.profile.calls.groups import KNOWN
from runner.profile.calls.meant import did_you_mean_call

_BY_RUNTIME = re.compile(r"unknown (?:seccomp )?syscall \W*([a-z_][a-z0-9_]+)\W* ignored", re.IGNORECASE)
_BY_SYSTEMD = re.compile(
    r"(?:parse system call, |system call )(?:ignoring: )?([a-z][a-z0-9_]+)(?: is not known, ignoring|\s*$)",
    re.IGNORECASE,
)


def left_out(text: str) -> tuple[str, str] | None:
    """What a text says of a call that is left out of a filter, and the next step; None for any other text."""
    if by_runtime := _BY_RUNTIME.search(text):
        return _by_runtime(by_runtime[1])
    by_systemd = _BY_SYSTEMD.search(text)
    if by_systemd is None or by_systemd[1] not in KNOWN:
        return None
    return (
        f"systemd left {by_systemd[1]} out of its filter: the libseccomp that it uses does not know the call",
        "Update libseccomp and systemd, or accept that this call gets the answer for all others",
    )


def _by_runtime(name: str) -> tuple[str, str]:
    what = f"the runtime left {name} out of the profile, and refused nothing"
    if name not in KNOWN:
        return (
            f"{what}: its libseccomp knows no such call, nor is one known here{did_you_mean_call(name)}",
            "Correct the name in the profile; if a newer kernel has the call, it gets the default action",
        )
    return (
        f"{what}: its libseccomp does not know the call, which gets the default action",
        f"Update libseccomp on the host: `workshop profile history {name}` tells from which version on it knows the "
        f"call, and `workshop profile simulate FILE {name} --libseccomp V` what an older one makes of it",
    )
