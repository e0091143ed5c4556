"""Messages about what a program's own sandbox, another security module, or another kernel refused."""

import re

_SANDBOXES = (
    (
        "Chromium",
        re.compile(r"seccomp-bpf failure in syscall (?:nr=)?(0x[0-9a-f]{1,8}|\d{1,10})\b", re.IGNORECASE),
    ),
    ("Firefox", re.compile(r"seccomp sandbox violation: .{0,200}\bsyscall (\d{1,10})\b")),
    ("minijail", re.compile(r"\blibminijail\b.{0,200}: blocked syscall: (\w+)")),
    ("Tor", re.compile(r"Caught a bad syscall attempt \(syscall (\w+)\)")),
    ("sshd", re.compile(r"ssh_sandbox_violation: .{0,200}\bsyscall:(\d{1,10})\b")),
)
_MODULES = (
    ("AppArmor", re.compile(r"apparmor=\W{0,2}DENIED"), "apparmor=unconfined"),
    ("SELinux", re.compile(r"\bavc: +denied +\{"), "label=disable"),
)
_KERNELS = (
    ("gVisor", re.compile(r"\bUnsupported syscall (?:UNKNOWN\[(\d{1,10})\b|([a-z][a-z0-9_]{1,63})\()")),
    ("QEMU", re.compile(r"\bqemu: Unsupported syscall: (\d{1,10})()")),
)
"""Programs that stand in the kernel's place, and do not have all its calls."""
_HIDDEN = re.compile(r"\bsyscall_(?:18446744073709551615|4294967295|0xf{8,16})\(")
OTHERS = (
    "unsupported syscall|blocked syscall: |bad syscall attempt|seccomp-bpf failure|sandbox.violation"
    "|apparmor=.{0,2}denied|avc: +denied"
)
"""A sign of what is not the container's profile."""


def hidden_call(text: str) -> tuple[str, str] | None:
    """What a line of strace says whose call a filter has taken the number from; None for any other text."""
    if not _HIDDEN.search(text):
        return None
    return (
        "seccomp refused a call, and an older kernel or strace shows -1 in place of its number",
        "`workshop profile test` names it; the arguments hint at it",
    )


def other_kernel(text: str) -> tuple[str, str] | None:
    """What a program says that stands in the kernel's place and lacks a call, and the next step."""
    for program, pattern in _KERNELS:
        if lacks := pattern.search(text):
            lacking = f"the call {lacks[2] or f'number {lacks[1]}'} is one that {program} does not have"
            names = "" if lacks[2] else f"`workshop profile explain default {lacks[1]}` names it. "
            step = (
                f"{names}Most programs do without it; else use the machine's own kernel, or update {program}"
            )
            return f"{lacking}: no profile denied it", step
    return None


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
