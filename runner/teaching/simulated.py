"""A simulated learner, who works through a workshop as people do, mistakes included."""

import random
from collections.abc import Callable, Iterator

from runner.lab.model.workshop import HOST, ConsoleBlock, Lab, QuizBlock, Step, Workshop
from runner.record.event import (
    Alive,
    CheckPassed,
    CheckTried,
    EngineTrouble,
    Gone,
    Happening,
    HelpAsked,
    HelpSettled,
    HintShown,
    Joined,
    LabClosed,
    LabFinished,
    LabOpened,
    QuizAnswered,
    StepEntered,
    StepSolved,
    Trial,
)

Tell = Callable[[str, str, str, Happening, float], None]

_DOORS = ("browser", "browser", "browser", "ssh", "join")
_OBSERVED = (
    "exit status 0",
    "exit status 1, output 'Operation not permitted'",
    "the container did not start",
    "exit status 126, output 'sh: cannot execute'",
    "seccomp unconfined",
    "exit status 159, output 'Bad system call'",
)
_WAIT = 2.0
"""Seconds after which a learner who waits for the class looks again."""
_HEARTBEAT = 60.0
_MOST_TRIES = 8
_MOST_LINES = 200


class SimulatedLearner:
    """A learner whose speed, care and shyness are random.

    `go_on` performs the next action and returns the seconds until the one after it; None when they are done.
    """

    def __init__(
        self,
        name: str,
        workshop: Workshop,
        chance: random.Random,
        tell: Tell,
        is_open: Callable[[int], bool],
    ) -> None:
        self.name = name
        self.began = False
        self.connected = False
        self.door = chance.choice(_DOORS)
        self.mirror = chance.random() < 0.8
        self._workshop = workshop
        self._chance = chance
        self._tell = tell
        self._is_open = is_open
        self._slowness = chance.lognormvariate(0, 0.4)
        self._care = chance.betavariate(4, 2)
        """The probability that a try is right."""
        self._shy = chance.random() < 0.6
        """True if they would rather wait than ask."""
        self._nudged = False
        self._asking = False
        self._hints = 0
        self._now = 0.0
        self._place = ("", "")
        self._lines: list[str] = []
        self._life = self._live()

    def go_on(self, now: float) -> float | None:
        """Perform the next action, at a time."""
        self._now = now
        return next(self._life, None)

    def nudged(self) -> None:
        """The instructor has helped."""
        self._nudged = True

    def terminal(self) -> list[str]:
        """The text of their terminal."""
        return [*self._lines, "$ "]

    def _say(self, happening: Happening) -> None:
        self._tell(self.name, *self._place, happening, self._now)

    def _live(self) -> Iterator[float]:
        self.began = self.connected = True
        self._say(Joined(self.door))
        for number, lab in enumerate(self._workshop.labs, 1):
            while not self._is_open(number):
                yield _WAIT
            yield from self._work(lab)

    def _work(self, lab: Lab) -> Iterator[float]:
        self._place = (lab.id, "")
        self._say(LabOpened())
        usual = (lab.minutes or 10) * 60 / len(lab.steps)
        for step in lab.steps:
            self._place = (lab.id, step.id)
            self._say(StepEntered())
            self._hints = 0
            self._type(step)
            yield from self._spend(usual * self._slowness * self._chance.uniform(0.4, 1.2))
            yield from self._mishap()
            for check in step.checks:
                yield from self._try(step, check.id, usual)
            for quiz in step.quizzes:
                self._answer(quiz)
                yield 5.0
        self._place = (lab.id, "")
        self._say(LabFinished())
        self._say(LabClosed())
        yield self._chance.uniform(5, 30)

    def _spend(self, seconds: float) -> Iterator[float]:
        """Work silently, with signs of life."""
        while seconds > _HEARTBEAT:
            yield _HEARTBEAT
            seconds -= _HEARTBEAT
            # As the app records it: for the lab, not a step.
            self._tell(self.name, self._place[0], "", Alive(), self._now)
        yield max(seconds, 1.0)

    def _try(self, step: Step, check: str, usual: float) -> Iterator[float]:
        """Try until a try is right; after too many failures, have it solved or ask for help."""
        observed = self._chance.choice(_OBSERVED)
        for number in range(_MOST_TRIES):
            if self._nudged or self._chance.random() < self._care:
                break
            self._say(CheckTried(check, Trial.FAILED, observed, asked=self._chance.random() < 0.5))
            self._show(observed)
            if self._hints < len(step.hints) and self._chance.random() < 0.3:
                self._hints += 1
                self._say(HintShown())
            if number == 2 and not self._shy and not self._asking:
                self._asking = True
                self._say(HelpAsked(f"on {check}"))
            yield from self._spend(usual * self._slowness * self._chance.uniform(0.3, 0.8))
        else:
            self._say(StepSolved())
        if self._asking:
            self._asking = False
            self._say(HelpSettled())
        self._nudged = False
        self._say(CheckPassed(check))
        yield self._chance.uniform(2, 10)

    def _mishap(self) -> Iterator[float]:
        """A mishap: a lost connection, an engine that goes, a telephone call."""
        what = self._chance.random()
        if what < 0.02:
            self.connected = False
            self._say(Gone("the connection was lost"))
            yield self._chance.uniform(20, 120)
            self.connected = True
            self._say(Joined(self.door))
        elif what < 0.03:
            self._say(EngineTrouble("the engine does not answer", lost=True))
            yield self._chance.uniform(20, 90)
        elif what < 0.05:
            yield from self._spend(self._chance.uniform(200, 600))

    def _answer(self, quiz: QuizBlock) -> None:
        right = next(number for number, option in enumerate(quiz.options) if option.correct)
        option = right if self._chance.random() < self._care else self._chance.randrange(len(quiz.options))
        self._say(QuizAnswered(quiz.id, option, correct=option == right))

    def _type(self, step: Step) -> None:
        for block in step.blocks:
            if isinstance(block, ConsoleBlock):
                prompt = "$" if block.target == HOST else f"{block.target} #"
                for command in block.commands:
                    self._lines.append(f"{prompt} {command.text}")

    def _show(self, observed: str) -> None:
        self._lines += ["$ ./try", observed]
        del self._lines[:-_MOST_LINES]
