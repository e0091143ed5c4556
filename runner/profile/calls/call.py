"""A system call as a program makes it, and as people write it."""

from collections.abc import Sequence
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile.calls.constants import argument
from runner.profile.calls.syscalls import MAX_ARGS, Arch, Syscall, find, go_name
from runner.profile.calls.syscalls import arch as find_arch


class Call(NamedTuple):
    """A system call as made: `args` are six unsigned 64-bit values, `notes` are remarks for the user."""

    arch: Arch
    syscall: Syscall
    args: tuple[int, ...]
    notes: tuple[str, ...] = ()


def parse_call(words: Sequence[str], arch: str | Arch = "amd64") -> Call:
    """Read a call as a user writes it: a name or number, then arguments (`socket AF_INET`); missing ones are 0."""
    abi = find_arch(go_name(arch)) if isinstance(arch, str) else arch
    syscall = find(words[0], abi)
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
    values = tuple(value.value for value in parsed) + (0,) * (MAX_ARGS - len(parsed))
    notes = tuple(
        tr("argument {index}: {note}", index=index, note=value.note)
        for index, value in enumerate(parsed)
        if value.note
    )
    return Call(abi, syscall, values, notes)
