"""Messages about a process that seccomp killed, which seldom name the call."""

import re

_BETWEEN = r"[\s\":=(]{1,16}(?:(?:with|code|status)[\s:=]{1,8}){0,3}"
DEATH = (
    r"(?:bad|invalid) system call|SIGSYS|status=31/SYS"
    rf"|(?:exit\w{{0,9}}|return ?code|(?<![a-z])(?:status\w{{0,5}}|code)){_BETWEEN}159\b(?! (?:of|[a-z]{{3,}}s)\b)"
    rf"|(?:exit\w{{0,9}}|return ?code){_BETWEEN}-31\b"
    r"|\bsig=31 res=1\b"
    r"|\bmake(?:\[\d+\])?: \*\*\* .{0,1000}\berror 159\b"
    r"|(?:\b(?:by|on|with|from|caught|fatal|got|received|due to)[\s:]{1,2}|[(\[])signal:? 31\b(?! ?(?:%|dbm?\b))"
    r"|^\s*\"?signal\"?:?\s{1,8}31,?\s*$"
)
"""A process that ended by SIGSYS: its number is 31, a shell makes a status of 159 of it, and Python -31.

Other programs have codes and numbers of signals too, and what follows a number may say that it counts something.
"""
_DEATH = re.compile(DEATH, re.IGNORECASE)


def death(text: str) -> str:
    """What a message says of a process that seccomp killed; "" if it says nothing of that."""
    return (
        "seccomp killed the process for a call, which the message does not name"
        if _DEATH.search(text)
        else ""
    )
