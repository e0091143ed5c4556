"""Messages of systemd about the filter that it makes of a service's settings, such as SystemCallFilter=."""

import re

_OWN = "a service's own filter (made of settings such as SystemCallFilter=), which is no container's profile"
_CALL = r"[a-z_][a-z0-9_]*"
_SIGNS = (
    (
        rf"failed to add rule for system call {_CALL}\(\)",
        "systemd left the rule on {call} out of " + _OWN,
        "The service runs without that rule: {call} gets the answer for all other calls. The reason stands at the end "
        "of the line; where the call is unknown, update libseccomp",
    ),
    (
        rf"failed to add {_CALL}\(\) rule for architecture",
        "systemd left the rule on {call} out of " + _OWN + ", for one architecture",
        "The other architectures have it; programs of that one are not restricted by it",
    ),
    (
        r"failed to (?:install|apply|load) .{0,60}(?:filter|rules?|set)\w* (?:set )?for architecture",
        "systemd left one architecture out of " + _OWN,
        "The other architectures have it; programs of that one are not restricted by it",
    ),
    (
        r"failed to parse system call filter, ignoring|unknown system call group, ignoring",
        "systemd does not know a group of calls, and left it out of " + _OWN,
        "`systemd-analyze syscall-filter` lists the groups; the service runs without that one",
    ),
    (
        r"seccomp features (?:are )?not detected|skipping systemcallfilter=|systemcallfilter=? is not supported"
        r"|system call filtering (?:is )?not (?:supported|available)",
        "systemd found no seccomp, and runs the service without a filter of its own",
        "/proc/self/status has a line `Seccomp` where the kernel has it; within a container the profile must allow "
        "seccomp and prctl",
    ),
)
SERVICES = "|".join(pattern for pattern, _, _ in _SIGNS)
"""A sign, in lower case, of such a message."""
_NAMED = re.compile(rf"({_CALL})\(\)", re.IGNORECASE)
"""The call that a sign names."""
_BY_PATTERN = tuple((re.compile(pattern, re.IGNORECASE), meaning, step) for pattern, meaning, step in _SIGNS)


def of_services_filter(text: str) -> tuple[str, str] | None:
    """What systemd says of a service's filter, and what follows; None for any other text."""
    for pattern, meaning, step in _BY_PATTERN:
        if match := pattern.search(text):
            named = _NAMED.search(match[0])
            call = named[1] if named else ""
            return meaning.format(call=call), step.format(call=call)
    return None
