"""A learner's last try at each task, and whether it was at the task at all."""

from dataclasses import replace

from runner.check.outcome import Failed, Outcome
from runner.check.program import program_at, program_of
from runner.check.shell_line import parts
from runner.lab.model.check import Check, Expectation
from runner.language import tr
from runner.shell.recorder import CommandFinished

_WITH_COMMANDS = frozenset({"docker", "workshop"})
"""The programs whose first word after them says what they do."""


class LastTries:
    """Keeps the tries of the failed checks on a typed command.

    A later command that calls the same program, and is not what the check is about, is a try too: another mistake.
    """

    def __init__(self) -> None:
        self._tried: dict[str, str] = {}
        """The command of the last try that each failed check was about."""
        self._missed: dict[str, str] = {}
        """The command of a later try, which it was not about."""
        self._elsewhere: dict[str, Failed] = {}
        """The outcome of a last try that was typed in another console than the check asks for."""

    def judged(self, check: Check, command: str, outcome: Outcome) -> None:
        """Note the outcome of a try that was what the check is about."""
        self._missed.pop(check.id, None)
        self._elsewhere.pop(check.id, None)
        if isinstance(outcome, Failed):
            self._tried[check.id] = command
        else:
            self._tried.pop(check.id, None)

    def misplaced(self, check: Check, command: str, outcome: Failed) -> None:
        """Note a try that was what the check is about, in another console."""
        self.judged(check, command, outcome)
        self._elsewhere[check.id] = outcome

    def missed(self, check: Check, finished: CommandFinished) -> Failed | None:
        """The outcome to show for a command that is not what the check is about; None if it is no try either."""
        earlier = self._tried.get(check.id)
        if earlier is None:
            return None
        found = parts(finished.command, finished.status, finished.output, finished.pipeline)
        tries = [part.text for part in found if _program(part.text) == _program(earlier)]
        if not tries:
            return None
        self._elsewhere.pop(check.id, None)
        self._missed[check.id] = tries[-1]
        return _not_asked_for(check, tries[-1], Failed(str(check.expect), "", check.span))

    def about(self, check: Check, outcome: Outcome) -> Outcome:
        """The outcome of a failed check, or instead of it what is wrong with the last try.

        That is not what the check is about, or was typed in another console.
        """
        # One look at each: another thread may judge meanwhile.
        tried, elsewhere = self._missed.get(check.id), self._elsewhere.get(check.id)
        if not isinstance(outcome, Failed):
            return outcome
        if tried is not None:
            return _not_asked_for(check, tried, outcome)
        return outcome if elsewhere is None else elsewhere


def _not_asked_for(check: Check, command: str, outcome: Failed) -> Failed:
    hint = tr("Your last try is not what is asked for here: something in it is missing, or different.")
    # What the author says of any failure holds of this one; nothing of it was observed that other hints look at.
    always = next((hint.say for hint in check.hints if hint.when == Expectation()), "")
    hint = f"{hint} {always}".strip()
    return replace(outcome, actual=_short(command), transcript="", hint=hint, observed=None)


def _program(command: str) -> tuple[str, ...]:
    """The program of a simple command, and what it is to do if its first word after it says so."""
    program, words = program_of(command), command.split()
    if program not in _WITH_COMMANDS:
        return (program,)
    return (program, *[word for word in words[program_at(words) + 1 :] if not word.startswith("-")][:1])


def _short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
