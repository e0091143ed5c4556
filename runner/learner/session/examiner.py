"""Evaluation of a step's checks beside the learner's terminals."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from runner.check.context import ProbeContext
from runner.check.docker_said import docker_said, refused_by_docker
from runner.check.evaluate import evaluate
from runner.check.misplaced import misplaced
from runner.check.outcome import Errored, Failed, Outcome, Passed
from runner.check.typed import meant
from runner.lab.model.check import Check, Retry, TranscriptProbe, container_of
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import HOST, OWN_SHELLS, Step
from runner.learner.session.checked_files import CheckedFiles
from runner.learner.session.events import AdviceOutdated, CheckJudged, CheckMissed, CommandSeen
from runner.learner.session.last_tries import LastTries
from runner.learner.session.lesson_commands import command_of, text_commands
from runner.learner.session.schedule import (
    QUIET_SECONDS,
    RUNNING_SECONDS,
    AtCommand,
    Due,
    Look,
    Schedule,
    WhileRunning,
)
from runner.learner.session.tries import Tries, can_be_lost, file_of
from runner.shell.recorder import CommandFinished

_LAST_WORDS = 20_000
"""Characters of a command's output that docker's message is looked for in."""

_log = logging.getLogger(__name__)

Tell = Callable[[CheckJudged | CheckMissed | AdviceOutdated | CommandSeen], None]


class Examiner:
    """Evaluates the checks of one step at a time in a separate thread, until all hold together.

    Transcript checks run as soon as a command finishes, the others after a moment without activity, all of them when
    asked. A pass, the result of a learner's try, and an answer to `ask` are reported as judged; a failure caused by the
    lesson itself is reported as missed, if it differs from the one before. While a command runs on, the checks of its
    container are evaluated now and then, since it may be what a check waits for; only their passes are reported.

    A pass that can be lost is evaluated again after its file has changed, and before the step's last check passes.
    """

    def __init__(
        self,
        context: ProbeContext,
        tell: Tell,
        *,
        quiet: float = QUIET_SECONDS,
        ages: Sequence[float] = RUNNING_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._context = context
        self._tell = tell
        self._schedule = Schedule(quiet=quiet, ages=ages, clock=clock)
        self._woken = self._schedule.woken
        """Guards the rest too: no look is taken while the step changes."""
        self._step: Step | None = None
        self._open: dict[str, Check] = {}
        """The checks that have not passed, by id."""
        self._held: dict[str, Check] = {}
        """The checks that have passed and may fail again, as long as the step is not done."""
        self._failing: dict[str, str] = {}
        """The last observation for each check that fails by itself."""
        self._tries = Tries()
        self._last_tries = LastTries()
        self._files = CheckedFiles(context.workspace)
        """They are looked at whenever a command finishes."""
        self._done: frozenset[Command] = frozenset()
        self._thread = threading.Thread(target=self._run, name="examiner", daemon=True)
        self._thread.start()

    def watch(self, step: Step, passed: frozenset[str]) -> None:
        """Evaluate this step from now on, without the checks in `passed`."""
        with self._woken:
            # Copies tell a look that began before from a later one, also where the same step is entered again.
            self._step = replace(step)
            checks = [replace(check) for check in step.checks]
            self._open = {check.id: check for check in checks if check.id not in passed}
            held = [check for check in checks if check.id in passed and can_be_lost(check)]
            self._held = {check.id: check for check in held} if self._open else {}
            self._schedule.restart()
            self._failing = {}
            self._tries = Tries()
            self._last_tries = LastTries()
            self._written()
            self._done = frozenset()
        self.changed()

    @property
    def done(self) -> frozenset[Command]:
        """The commands of the step's text that finished with the result it shows."""
        with self._woken:
            return self._done

    def changed(self) -> None:
        """Note that the probes' results may have changed."""
        self._schedule.changed()

    def saved(self, files: Collection[str]) -> None:
        """Note that the learner has written files of the workspace."""
        with self._woken:
            self._tries = self._tries.of(files=files)
        self.changed()

    def launched(self, container: str, profile: str) -> None:
        """Note that a container was started; under a profile that the learner has written, this counts as their try."""
        with self._woken:
            if profile in self._tries.written:
                self._tries = self._tries.of(console=container)
        self.changed()

    def began(self, target: str) -> None:
        """Note that a command has started in the console `target`."""
        self._schedule.began(target)

    def saw(self, target: str, finished: CommandFinished) -> None:
        """Note that a command has finished in the console `target`."""
        self._schedule.saw(target, finished)

    def ask(self) -> None:
        """Evaluate every check that has not passed or can fail again, and report the results."""
        self._schedule.ask()

    def look(self) -> None:
        """Like `ask`, but in this thread: the results are reported before this returns."""
        held = self._passed()
        for check in self._checks():
            outcome = evaluate(check, self._context)
            self._judged(check, self._last_tries.about(check, outcome), asked=True)
        self._look_again(held)

    def close(self) -> None:
        """End; a running probe ends by itself."""
        self._schedule.close()

    def _run(self) -> None:
        while due := self._schedule.next():
            try:
                self._carry_out(due)
            except Exception:  # noqa: BLE001  # whatever it is, the other checks go on; it is logged
                _log.exception("a check could not be evaluated")

    def _carry_out(self, due: Due) -> None:
        match due:
            case AtCommand(console, finished):
                self._look_at_command(console, finished)
            case WhileRunning(console):
                self._look_while_running(console)
            case Look.ASKED:
                self.look()
            case Look.AROUND:
                self._look_around()

    def _look_at_command(self, console: str, finished: CommandFinished) -> None:
        # A lesson knows only one shell of the learner's.
        target = HOST if console in OWN_SHELLS else console
        with self._woken:
            step, done, last_tries = self._step, self._done, self._last_tries
        command, shown = command_of(step, target, finished, done=done)
        as_shown = isinstance(shown, Passed)
        told = as_shown or command in self._text_commands()
        judged = False
        for check in self._checks():
            probe = check.probe
            if not isinstance(probe, TranscriptProbe) or probe.target != target:
                continue
            if (part := meant(probe.command, finished)) is not None:
                outcome = evaluate(replace(check, retry=Retry()), self._context)
                last_tries.judged(check, part.text, outcome)
                # A command that the lesson has the learner type is not a failed attempt at its task.
                if isinstance(outcome, Passed) or not told:
                    self._judged(check, outcome, asked=False)
                    judged = True
            elif not told and (outdated := last_tries.missed(check, finished)) and step:
                self._tell(AdviceOutdated(step.id, check, outdated))
        if command is None and not judged:
            judged = self._look_for_misplaced(target, finished, last_tries)
        with self._woken:
            # The learner may have gone on to another step meanwhile.
            if self._step is step:
                if command is not None and as_shown:
                    self._done |= {command}
                written = self._written()
                if not told:
                    self._tries = self._tries.of(console=target, files=written)
        refusal = "" if as_shown or target != HOST else self._refusal(finished)
        self._tell(CommandSeen(console, finished, command, shown, refusal, explained=judged))

    def _look_for_misplaced(self, console: str, finished: CommandFinished, last_tries: LastTries) -> bool:
        """Fail the checks that ask for a command in another console than this one; True if there was one."""
        found = False
        for check in self._checks():
            probe = check.probe
            if not isinstance(probe, TranscriptProbe) or probe.target == console:
                continue
            part = meant(probe.command, finished)
            if part is None:
                continue
            there = replace(check, probe=replace(probe, target=console), retry=Retry())
            outcome = evaluate(there, self._context)
            failed = misplaced(check, console, outcome)
            if failed is not None:
                last_tries.misplaced(check, part.text, failed)
                self._judged(check, failed, asked=False)
                found = True
        return found

    def _refusal(self, finished: CommandFinished) -> str:
        if not refused_by_docker(finished):
            return ""
        said, engine = finished.output[-_LAST_WORDS:], self._context.engine
        return docker_said(said, self._context.workspace, engine.image_names, pulls=engine.info.pulls)

    def _look_around(self) -> None:
        with self._woken:
            tries, self._tries = self._tries, self._tries.looked_at()
        written = [check for check in self._passed() if file_of(check) in tries.files]
        lost = self._look_again([replace(check, retry=Retry()) for check in written])
        for check in self._checks():
            if check.id in lost or isinstance(check.probe, TranscriptProbe):
                continue
            outcome = evaluate(replace(check, retry=Retry()), self._context)
            if isinstance(outcome, Failed):
                self._failed(check, outcome, tries)
            elif not isinstance(outcome, Errored):
                self._judged(check, outcome, asked=False)

    def _look_while_running(self, console: str) -> None:
        """Report the checks that pass while a command of this console runs; none fails by that."""
        for check in self._checks():
            container = container_of(check.probe)
            if container and (container == console or console in OWN_SHELLS):
                outcome = evaluate(replace(check, retry=Retry()), self._context)
                if isinstance(outcome, Passed):
                    self._judged(check, outcome, asked=False)

    def _failed(self, check: Check, outcome: Failed, tries: Tries) -> None:
        with self._woken:
            if self._open.get(check.id) is not check:
                return
            step, before = self._step, self._failing.get(check.id)
            self._failing[check.id] = outcome.seen
        changed = before not in {None, outcome.seen}
        if tries.concern(check) or (changed and tries):
            self._judged(check, outcome, asked=False)
        elif changed and step is not None:
            self._tell(CheckMissed(step.id, check, outcome))

    def _text_commands(self) -> Collection[Command]:
        """The commands that the step's text has the learner type; the solution's are theirs to find."""
        return () if self._step is None else text_commands(self._step)

    def _written(self) -> set[str]:
        """The files of the step's checks that have changed since the last call."""
        return self._files.written((*self._open.values(), *self._held.values()))

    def _checks(self) -> Iterator[Check]:
        """The checks that have not passed, while the step stays the same."""
        with self._woken:
            step, checks = self._step, list(self._open.values())
        for check in checks:
            if self._step is step and not self._schedule.closed:
                yield check

    def _judged(self, check: Check, outcome: Outcome, *, asked: bool) -> None:
        with self._woken:
            last = list(self._open) == [check.id]
        if last and isinstance(outcome, Passed):
            # It would make the step done, so those that held before must hold now.
            self._look_again(self._passed())
        with self._woken:
            if self._open.get(check.id) is not check or self._step is None:
                return
            if isinstance(outcome, Passed):
                del self._open[check.id]
                if can_be_lost(check):
                    self._held[check.id] = check
                if not self._open:
                    self._held = {}
            step = self._step.id
        self._tell(CheckJudged(step, check, outcome, asked))

    def _passed(self) -> Sequence[Check]:
        """The checks that have passed and may fail again."""
        with self._woken:
            return list(self._held.values())

    def _look_again(self, checks: Iterable[Check]) -> Collection[str]:
        """Evaluate checks that have passed; return the ids of those that fail now, which are open again."""
        lost = set()
        for check in checks:
            with self._woken:
                held = self._held.get(check.id)
            if held is None or self._schedule.closed:
                continue
            outcome = evaluate(check, self._context)
            with self._woken:
                # Another thread may have found the same, or the learner has gone on.
                if (
                    not isinstance(outcome, Failed)
                    or self._step is None
                    or self._held.get(check.id) is not held
                ):
                    continue
                self._open[check.id] = self._held.pop(check.id)
                step = self._step.id
            lost.add(check.id)
            # Without the file that it passed with, it is not a check that nobody has tried.
            self._tell(CheckJudged(step, held, replace(outcome, untried=False), asked=False))
        return lost
