"""Explains a command that is what a check asks for, and that was typed in another console."""

from runner.check.outcome import Failed, Outcome, Passed
from runner.lab.model.check import Check, TranscriptProbe
from runner.lab.model.workshop import HOST, console_name
from runner.language import tr
from runner.shell.prompt import NOT_FOUND


def misplaced(check: Check, console: str, outcome: Outcome) -> Failed | None:
    """The failure of a check of what is typed elsewhere, for a command in `console`; None if that is not the reason.

    `outcome` is the check's for this command, as if it had been typed in the right console.
    """
    assert isinstance(check.probe, TranscriptProbe)
    here, there = console_name(check.probe.target), console_name(console)
    match outcome:
        case Passed(observed):
            hint = tr(
                "That is the command, but you typed it in {there}. This check is about {here}: type it there.",
                there=there,
                here=here,
            )
            return Failed(check.describe, observed, check.span, hint=hint)
        case Failed(observed=observed) if (
            check.probe.target == HOST and observed is not None and observed.exit == NOT_FOUND
        ):
            hint = tr(
                "You typed that in {there}, which has no such program. This check is about {here}: type it there.",
                there=there,
                here=here,
            )
            return Failed(check.describe, str(observed), check.span, observed.output, hint)
    return None
