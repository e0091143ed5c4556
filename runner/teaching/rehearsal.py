"""A class of simulated learners, for instructors to practise on."""

import random
import threading
import time
from collections.abc import Callable
from heapq import heappop, heappush

from runner.errors import WorkshopError
from runner.lab.model.workshop import Workshop
from runner.language import tr
from runner.record.event import Event, Happening, HelpSettled
from runner.record.notice import DemoFrame, Pace, Pause, TextRow, TextRun
from runner.record.store import EventStore
from runner.teaching.control import (
    ClassStatus,
    EndClass,
    Order,
    Person,
    Remove,
    SendNudge,
    SetDemo,
    SetPace,
    SetPause,
    SettleHelp,
    Watch,
    not_agreed,
)
from runner.teaching.simulated import SimulatedLearner

NAMES = [
    "Ada",
    "Alan",
    "Barbara",
    "Brian",
    "Carol",
    "Clara",
    "Dennis",
    "Donald",
    "Dorothy",
    "Edsger",
    "Evelyn",
    "Fran",
    "Frances",
    "George",
    "Grace",
    "Hedy",
    "Ida",
    "James",
    "Jean",
    "John",
    "Karen",
    "Katherine",
    "Ken",
    "Kathleen",
    "Leslie",
    "Linus",
    "Margaret",
    "Mary",
    "Niklaus",
    "Radia",
    "Ralph",
    "Richard",
    "Robin",
    "Roberta",
    "Sophie",
    "Steve",
    "Sue",
    "Tim",
    "Tony",
    "Ursula",
]
_TICK = 0.2
"""Seconds between two looks for actions that are due."""


class Rehearsal:
    """A `ClassControl` whose learners work by themselves, `speed` times as fast as people.

    Their events are written into `store`, at the times of `clock`. They react to the instructor: a nudge helps learners
    who are stuck, a pause stops them, and the pace holds them. The class began `head_start` seconds ago.
    """

    def __init__(
        self,
        workshop: Workshop,
        store: EventStore,
        *,
        learners: int = 30,
        speed: float = 1.0,
        seed: int = 0,
        head_start: float = 0.0,
        real: Callable[[], float] = time.time,
    ) -> None:
        self._workshop = workshop
        self._store = store
        self._speed = speed
        self._real = real
        self._began = real()
        self._head_start = head_start
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._random = random.Random(seed)  # noqa: S311 (people, not secrets)
        self._pace = Pace()
        self._pause = Pause(on=False)
        self._paused_at = 0.0
        self._demo = False
        self._watching = ""
        self._removed: set[str] = set()
        self._due: list[tuple[float, int]] = []
        self.given: list[Order] = []
        """The instructor's orders so far."""
        self._learners: list[SimulatedLearner] = []
        for number in range(learners):
            round_, place = divmod(number, len(NAMES))
            name = NAMES[place] + (f" {round_ + 1}" if round_ else "")
            personal = random.Random(f"{seed}/{number}")  # noqa: S311 (as above)
            self._learners.append(SimulatedLearner(name, workshop, personal, self._tell, self._is_open))
            heappush(self._due, (self._began + self._random.uniform(0, 60), number))

    def clock(self) -> float:
        """The time in the class."""
        return self._began + (self._real() - self._began) * self._speed + self._head_start

    def start(self) -> None:
        """Start the class, which then goes on by itself."""
        self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the class."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_TICK):
            self.go_on()

    def go_on(self) -> None:
        """Let every learner act up to the present time."""
        with self._lock:
            now = self.clock()
            while not self._pause.on and self._due and self._due[0][0] <= now:
                then, number = heappop(self._due)
                learner = self._learners[number]
                if learner.name in self._removed:
                    continue
                pause = learner.go_on(then)
                if pause is not None:
                    heappush(self._due, (then + max(pause, 0.01), number))

    def _tell(self, learner: str, lab: str, step: str, happening: Happening, time: float) -> None:
        event = Event(
            learner=learner, workshop=self._workshop.id, lab=lab, step=step, time=time, happening=happening
        )
        self._store.append(event)

    def _is_open(self, lab: int) -> bool:
        return self._pace.labs is None or lab <= self._pace.labs

    def status(self) -> ClassStatus:
        """The class as it is now."""
        with self._lock:
            return ClassStatus(
                title=tr("Rehearsal of {title}", title=self._workshop.title),
                joining=(tr("nobody can join: these learners are simulated"),),
                seats=len(self._learners),
                people=tuple(
                    Person(one.name, connected=one.connected, door=one.door, mirror=one.mirror)
                    for one in self._learners
                    if one.began and one.name not in self._removed
                ),
                pace=self._pace,
                pause=self._pause,
                demo=self._demo,
                watching=self._watching,
                trouble=self._store.trouble,
            )

    def give(self, order: Order) -> None:
        """Give an order.

        Raises:
            WorkshopError: it cannot be carried out.
        """
        with self._lock:
            match order:
                case SendNudge(to):
                    for name in to:
                        self._named(name).nudged()
                case SetPace(pace):
                    self._pace = pace
                case SetPause(pause):
                    self._set_pause(pause)
                case SetDemo(on):
                    self._demo = on
                case Watch(name):
                    self._watch(name)
                case SettleHelp(name):
                    learner = self._named(name)
                    self._tell(name, "", "", HelpSettled(), self.clock())
                    learner.nudged()
                case Remove(name):
                    self._remove(name)
                case EndClass():
                    self._ended.set()
            self.given.append(order)

    def mirrored(self) -> DemoFrame | None:
        """The screen of the watched learner."""
        with self._lock:
            if not self._watching:
                return None
            lines = self._named(self._watching).terminal()
            return DemoFrame(80, 24, tuple(TextRow((TextRun(line),)) for line in lines[-24:]))

    def _set_pause(self, pause: Pause) -> None:
        now = self.clock()
        if pause.on and not self._pause.on:
            self._paused_at = now
        elif not pause.on and self._pause.on:
            later = now - self._paused_at
            self._due = [(then + later, number) for then, number in self._due]
        self._pause = pause

    def _remove(self, name: str) -> None:
        self._removed.add(self._named(name).name)
        if self._watching == name:
            self._watching = ""

    def _watch(self, name: str) -> None:
        if name and not self._named(name).mirror:
            raise not_agreed(name)
        self._watching = name

    def _named(self, name: str) -> SimulatedLearner:
        for learner in self._learners:
            if learner.name == name and name not in self._removed:
                return learner
        raise WorkshopError(tr("{name} is not in the class", name=name))
