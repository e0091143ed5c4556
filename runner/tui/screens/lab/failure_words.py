"""The words for why a command failed."""

from typing import TYPE_CHECKING

from runner.check.program import program_of
from runner.check.shell_line import parts
from runner.errors import printable
from runner.language import tr

if TYPE_CHECKING:
    from runner.trace.why import Answer

_TRACERS = frozenset({"strace", "ltrace", "gdb"})


def traces(text: str, status: int) -> bool:
    """True if a command line, which ended with `status`, calls a program that traces others."""
    return any(program_of(part.text) in _TRACERS for part in parts(text, status, ""))


def several(text: str) -> bool:
    """True if a command line has several commands."""
    return len(parts(text, 0, "")) > 1


def one_tracer(*, watched: bool) -> str:
    """The sentence on a program that could not trace: its calls are `watched` in the pane, or would have to be."""
    if watched:
        return tr("A process can have one tracer only: for strace or gdb there, close this first (w).")
    return tr(
        "A process can have one tracer only, and Watch is one: run under watch, it would fail for that "
        "alone. What it printed says why it failed."
    )


def nothing_denied(answer: "Answer", status: int) -> str:
    """A sentence for a failed command of which the profile denied nothing."""
    if any(refusal.certain for refusal in answer.own):
        return tr("The profile denied none of its calls, and yet it was seccomp.")
    if answer.own_filter:
        return tr(
            "The profile denied none of its calls: it ended with status {status}. The program has installed a seccomp "
            "filter of its own, which can make any call fail.",
            status=status,
        )
    return tr(
        "seccomp denied none of its calls: it ended with status {status} for another reason.",
        status=status,
    )


def short(text: str) -> str:
    """A command in one line of at most 60 characters."""
    line = printable(" ⏎ ".join(text.splitlines()))
    return line if len(line) <= 60 else f"{line[:59]}…"


def asked_why(text: str) -> str:
    """The question why a command failed."""
    return tr("Why did `{command}` fail?", command=short(text))


def denied_in(text: str) -> str:
    """The heading of what was denied in a line that ended well."""
    return tr("Denied in `{command}`", command=short(text))
