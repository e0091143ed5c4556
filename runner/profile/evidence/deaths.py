"""Messages about a process that seccomp killed, which seldom name the call."""

import re

DEATH = (
    r"(?i)(?:bad|invalid) system call|SIGSYS|status=31/SYS"
    r"|(?:exit|status|code)\w*[\s\":=(]{1,16}(?:(?:with|code|status)[\s:=]{1,8}){0,3}(?:159|-31)\b"
    r"|\bmake(?:\[\d+\])?: \*\*\* .*\berror 159\b|\bsignal:? 31\b"
)
"""A process that ended by SIGSYS: its number is 31, a shell makes a status of 159 of it, and Python -31."""
_DEATH = re.compile(DEATH)
_SANDBOXES = (
    ("Chromium", re.compile(r"seccomp-bpf failure in syscall (?:nr=)?(0x[0-9a-f]+|\d+)", re.IGNORECASE)),
    ("Firefox", re.compile(r"seccomp sandbox violation: .*\bsyscall (\d+)")),
    ("sshd", re.compile(r"ssh_sandbox_violation: .*\bsyscall:(\d+)")),
)
SANDBOX = "seccomp-bpf failure|sandbox.violation"
"""A sign of them."""


def death(text: str) -> tuple[str, str] | None:
    """What a message says of a process that seccomp killed, and the next step if it is a special one.

    None if it says nothing of that.
    """
    for program, pattern in _SANDBOXES:
        if stopped := pattern.search(text):
            digits = stopped[1].lower()
            number = int(digits, 16) if digits.startswith("0x") else int(digits)
            return (
                f"{program}'s own sandbox stopped call number {number}, and no container's profile did",
                f"`workshop profile explain default {number}` names the call; {program} itself must learn it",
            )
    if _DEATH.search(text):
        return "seccomp killed the process for a call, which the message does not name", ""
    return None
