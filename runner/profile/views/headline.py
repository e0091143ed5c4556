"""A call and what a profile decides for it, on one line."""

from collections.abc import Iterable

from runner.language import tr
from runner.profile.calls.call import Call
from runner.profile.filter.simulate import Decision


def headline(call: Call, decision: Decision, shown: Iterable[str] | None = None) -> str:
    """The call and its result; `shown` are its arguments in words, if not its own as far as they are given or set."""
    if shown is None:
        given = list(call.args)
        while len(given) > call.given and given[-1] == 0:
            given.pop()
        shown = map(argument_text, given)
    return tr(
        "{call} on {arch}, number {number}: {decision}",
        call=f"{call.syscall.name}({', '.join(shown)})",
        arch=call.arch.go,
        number=call.syscall.number,
        decision=decision.in_words,
    )


def argument_text(value: int) -> str:
    """An argument as a number."""
    return hex(value) if value > 9 else str(value)
