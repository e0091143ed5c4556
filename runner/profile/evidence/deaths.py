"""Messages about a process that seccomp killed, which seldom name the call, and about what others refused."""

import re

_BETWEEN = r"[\s\":=(]{1,16}(?:(?:with|code|status)[\s:=]{1,8}){0,3}"
DEATH = (
    r"(?i)(?:bad|invalid) system call|SIGSYS|status=31/SYS"
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
_DEATH = re.compile(DEATH)
_SANDBOXES = (
    ("Chromium", re.compile(r"seccomp-bpf failure in syscall (?:nr=)?(0x[0-9a-f]+|\d+)", re.IGNORECASE)),
    ("Firefox", re.compile(r"seccomp sandbox violation: .{0,200}\bsyscall (\d+)")),
    ("minijail", re.compile(r"\blibminijail\b.{0,200}: blocked syscall: (\w+)")),
    ("Tor", re.compile(r"Caught a bad syscall attempt \(syscall (\w+)\)")),
    ("sshd", re.compile(r"ssh_sandbox_violation: .{0,200}\bsyscall:(\d+)")),
)
_MODULES = (
    ("AppArmor", re.compile(r"apparmor=\W{0,2}DENIED"), "apparmor=unconfined"),
    ("SELinux", re.compile(r"\bavc: +denied +\{"), "label=disable"),
)
OTHERS = (
    "blocked syscall: |bad syscall attempt|seccomp-bpf failure|sandbox.violation"
    "|apparmor=.{0,2}denied|avc: +denied"
)
"""A sign of what is not the container's profile."""


def death(text: str) -> str:
    """What a message says of a process that seccomp killed; "" if it says nothing of that."""
    return (
        "seccomp killed the process for a call, which the message does not name"
        if _DEATH.search(text)
        else ""
    )


def own_sandbox(text: str) -> tuple[str, str] | None:
    """What a program says of its own filter, and the next step; None for any other text."""
    for program, pattern in _SANDBOXES:
        if stopped := pattern.search(text):
            own = f"{program}'s own sandbox stopped"
            call = stopped[1].lower()
            if call[:1].isalpha():
                return f"{own} {call}, and no container's profile did", f"{program} itself must learn it"
            number = int(call, 16) if call.startswith("0x") else int(call)
            return (
                f"{own} call number {number}, and no container's profile did",
                f"`workshop profile explain default {number}` names the call; {program} itself must learn it",
            )
    return None


def other_module(text: str) -> tuple[str, str] | None:
    """What a record of another security module says, and the next step; None for any other text."""
    for module, sign, off in _MODULES:
        if sign.search(text):
            return (
                f"{module} refused it, and not seccomp",
                f"`--security-opt {off}` shows whether it alone stands in the way",
            )
    return None
