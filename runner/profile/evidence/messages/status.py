"""What the kernel says of a process's seccomp in /proc/PID/status."""

import re

_BEGIN = r"^\s*(?:[\w./-]{1,80}:)?\s*"
"""What grep writes before a line: the file's name."""
_KEY = r"seccomp(?:_filters)?|nonewprivs"
_NUMBER = r"\d{1,10}"
STATUS = rf"{_BEGIN}(?:{_KEY}):\s*{_NUMBER}\s*$"
"""A sign, in lower case, of such a line."""
_LINE = re.compile(rf"{_BEGIN}({_KEY}):\s*({_NUMBER})\s*$")
_MODES = {
    0: (
        "mode 0: seccomp is disabled for this process, and no filter denies it anything",
        "A container shows 0 with seccomp=unconfined or --privileged, and a process outside of containers mostly does; "
        "one with a profile shows 2",
    ),
    1: (
        "mode 1, strict: the process may make read, write, exit and sigreturn alone, and any other call kills it",
        "That is a choice of the program's own, by prctl or seccomp(2): a container's profile is mode 2",
    ),
    2: (
        "mode 2, filter: at least one filter decides on the calls of this process, a container's profile or one of the "
        "program's own",
        "It does not say what the filter denies: Seccomp_filters (from kernel 5.9 on) counts them, and "
        "`workshop profile show PROFILE` lists what a profile decides",
    ),
}
_PRIVILEGES = (
    (
        "no_new_privs is not set: a program may get privileges by execve (set-user-ID, file capabilities)",
        "It denies no call, and a filter may be in force all the same: Seccomp tells that",
    ),
    (
        "no_new_privs is set: no program gets privileges by execve, and the process may install filters without a "
        "capability",
        "It denies no call, and is not a filter: Seccomp tells whether one is in force",
    ),
)


def of_status(text: str) -> tuple[str, str] | None:
    """What a line of /proc/PID/status says about seccomp, and what follows; None for any other text."""
    match = _LINE.match(text.lower())
    if match is None:
        return None
    key, number = match[1], int(match[2])
    if key == "seccomp":
        none = (f"there is no mode {number}", "The kernel has 0 (disabled), 1 (strict) and 2 (filter)")
        return _MODES.get(number, none)
    if key == "seccomp_filters":
        return _filters(number)
    return _PRIVILEGES[number] if key == "nonewprivs" and number < len(_PRIVILEGES) else None


def _filters(number: int) -> tuple[str, str]:
    if not number:
        return "no filter is in force for this process", "Seccomp is then 0 (disabled) or 1 (strict)"
    are = "1 filter is" if number == 1 else f"{number} filters are"
    return (
        f"{are} in force for this process: of their answers to a call the strictest counts",
        "A container's profile is one filter; others are the program's own, or of a container around it. Their number "
        "does not say what they deny: `workshop profile show PROFILE` lists what a profile decides",
    )
