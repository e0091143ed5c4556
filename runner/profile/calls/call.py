"""A system call as a program makes it, and as people write it."""

from collections.abc import Sequence
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile.calls.constants import Argument, argument, meant_constant
from runner.profile.calls.modes import decimal_mode
from runner.profile.calls.signatures import INT_ARGUMENTS
from runner.profile.calls.spelling import arch_of_number
from runner.profile.calls.syscalls import (
    MAX_ARGS,
    Arch,
    Syscall,
    find,
    go_name,
    of_number,
)
from runner.profile.calls.syscalls import arch as find_arch

_PREFIXES = {
    "keyctl": "KEYCTL_",
    "prctl": "PR_",
    "seccomp": "SECCOMP_",
    "socket": "AF_",
    "socketpair": "AF_",
}
"""What the constants of a call's first argument begin with."""


class Call(NamedTuple):
    """A system call as made: `args` are six unsigned 64-bit values, `notes` are remarks for the user.

    `given` is the number of arguments that the user has written, the rest of them is 0.
    """

    arch: Arch
    syscall: Syscall
    args: tuple[int, ...]
    notes: tuple[str, ...] = ()
    given: int = 0


def parse_call(words: Sequence[str], arch: str | Arch = "amd64") -> Call:
    """Read a call as a user writes it: a name or number, then arguments (`socket AF_INET`); missing ones are 0."""
    abi = find_arch(go_name(arch)) if isinstance(arch, str) else arch
    syscall = find(words[0], abi)
    own = arch_of_number(syscall.number, abi)
    if own != abi:
        abi, syscall = own, of_number(syscall.number, own)
    given = words[1:]
    if len(given) > MAX_ARGS:
        raise UsageError(
            tr(
                "{number} arguments for {call}: a system call takes at most {most}",
                number=len(given),
                call=words[0],
                most=MAX_ARGS,
            ),
            remedy=tr("quote an argument that has spaces"),
        )
    parsed = [argument(text, abi) for text in given]
    _refuse_texts(syscall.name, given, parsed)
    values = tuple(value.value for value in parsed) + (0,) * (MAX_ARGS - len(parsed))
    notes = tuple(
        tr("argument {index}: {note}", index=index, note=value.note)
        for index, value in enumerate(parsed)
        if value.note
    )
    modes = (decimal_mode(syscall.name, index, text) for index, text in enumerate(given))
    return Call(abi, syscall, values, (*notes, *filter(None, modes)), len(given))


def _refuse_texts(name: str, given: Sequence[str], parsed: Sequence[Argument]) -> None:
    """Raise UsageError for a text in place of a number: taken for a pointer, it would decide otherwise."""
    for index in INT_ARGUMENTS.get(name, frozenset()):
        if index >= len(given) or not parsed[index].is_text:
            continue
        meant, text = meant_constant(given[index], _PREFIXES.get(name, "")), repr(given[index])
        raise UsageError(
            tr(
                "argument {index} of {call} is a number, and {text} is a text (did you mean {near}?)",
                index=index,
                call=name,
                text=text,
                near=meant,
            )
            if meant
            else tr(
                "argument {index} of {call} is a number, and {text} is a text",
                index=index,
                call=name,
                text=text,
            ),
            remedy=tr("write a number, or one of the kernel's constants"),
        )
