"""The instructor's screen over a simulated class."""

from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from runner import language
from runner.content import LABS
from runner.instructor.app import InstructorApp
from runner.instructor.board import BoardScreen
from runner.instructor.notes import PrivateNotes
from runner.instructor.table import ClassTable
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.record.event import CheckTried, Event, HelpAsked, LabOpened, StepEntered, Trial
from runner.record.notice import Nudge, Pace, Pause
from runner.record.sqlite.store import SqliteStore
from runner.teaching.control import EndClass, SendNudge, SetDemo, SetPace, SetPause, Watch
from runner.teaching.needs import NeedKind
from runner.teaching.rehearsal import Rehearsal


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    whole = read_workshop(LABS / "seccomp").workshop
    return replace(whole, labs=whole.labs[:5])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "class.sqlite3")) as store:
        yield store


class Instructor:
    """A pilot with words for what an instructor does and sees; time passes when they say so."""

    def __init__(self, workshop: Workshop, store: SqliteStore, folder: Path) -> None:
        self.now = 1_000_000.0
        self.store = store
        self.workshop = workshop
        self.control = Rehearsal(workshop, store, real=lambda: self.now)
        self.app = InstructorApp(
            control=self.control, store=store, workshop=workshop, folder=folder, clock=self.control.clock
        )
        self.pilot = None

    def pass_by(self, minutes: float) -> None:
        for _ in range(int(minutes * 6)):
            self.now += 10
            self.control.go_on()

    def happens(self, learner: str, *happenings) -> None:
        lab = self.workshop.labs[0]
        for happening in happenings:
            step = "" if isinstance(happening, LabOpened) else lab.steps[0].id
            place = {"workshop": self.workshop.id, "lab": lab.id, "step": step}
            self.store.append(Event(learner=learner, time=self.now, happening=happening, **place))

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.table._shown]

    @property
    def table(self) -> ClassTable:
        """The table, also while something lies over it."""
        board = next(screen for screen in self.app.screen_stack if isinstance(screen, BoardScreen))
        return board.query_one(ClassTable)

    async def until(self, condition: Callable[[], object]) -> None:
        for _ in range(1500):
            if condition():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"it never came to be:\n{self.text}")

    async def sees(self, *texts: str) -> None:
        for text in texts:
            await self.until(lambda text=text: text in self.text)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def gives(self, kind: type):
        """Wait for an order of a kind; the last of them."""
        await self.until(lambda: any(isinstance(one, kind) for one in self.control.given))
        return [one for one in self.control.given if isinstance(one, kind)][-1]


@pytest.fixture
def teach(workshop: Workshop, store: SqliteStore, tmp_path: Path):
    """Opens the screen: `async with teach() as instructor`."""

    @asynccontextmanager
    async def teach(minutes: float = 30, size: tuple[int, int] = (100, 30)):
        instructor = Instructor(workshop, store, tmp_path / "own")
        instructor.pass_by(minutes)
        async with instructor.app.run_test(size=size, notifications=True) as pilot:
            instructor.pilot = pilot
            await instructor.until(lambda: instructor.app.screen.query(ClassTable))
            if minutes:
                await instructor.until(lambda: len(instructor.names) == 30)
            yield instructor

    return teach


async def test_learners_who_need_help_come_first(teach):
    """In 100 by 30 cells: who, where, on what, and all of it without colour."""
    async with teach() as instructor:
        await instructor.sees(" of 30 here", "learners at step", "needs", "step", "fails", "q Leave")
        # The first one, without a key.
        chosen = instructor.table.chosen
        instructor.happens(
            "Zoe", LabOpened(), StepEntered(), CheckTried("mode-1", Trial.FAILED, "exit status 7")
        )
        instructor.happens("Zoe", HelpAsked("on mode-1"))
        await instructor.sees("? asks    Zoe", "asks for help on", "Zoe asks for help")
        assert instructor.table.chosen == chosen, "the chosen learner stays chosen"
        kinds = [seat.need.kind for seat in instructor.app._standing.seats]
        assert kinds == sorted(kinds)
        await instructor.press("home", *["down"] * instructor.names.index("Zoe"))
        await instructor.sees("✗ mode-1  exit status 7")
        # She is no learner of the rehearsal's, which is said and ends nothing.
        await instructor.press("s")
        await instructor.sees("Zoe is not in the class")
        assert not instructor.control.given
        assert "? asks    Zoe" in instructor.text


async def test_what_an_instructor_does(teach, tmp_path):
    async with teach() as instructor:
        chosen = instructor.table.chosen
        await instructor.press("n", *"hi", "enter")
        assert await instructor.gives(SendNudge) == SendNudge((chosen,), Nudge("hi"))
        await instructor.press("h")
        await instructor.until(lambda: instructor.control.given[-1] == SendNudge((chosen,), Nudge(hint=True)))
        await instructor.press("A", "enter")
        await instructor.until(lambda: len(instructor.control.given[-1].to) > 20)
        await instructor.press("p", "down", "down", "w")
        await instructor.sees("✓ wait for all")
        await instructor.press("enter")
        assert await instructor.gives(SetPace) == SetPace(Pace(2, waiting=True))
        await instructor.sees("open up to lab 2, waiting for all")
        await instructor.press("z", *"tea", "enter")
        assert await instructor.gives(SetPause) == SetPause(Pause(on=True, text="tea"))
        await instructor.sees("PAUSED")
        await instructor.press("z")
        await instructor.until(lambda: "PAUSED" not in instructor.text)
        await instructor.press("o")
        assert await instructor.gives(SetDemo) == SetDemo(on=True)
        await instructor.press("k", *"window", "enter")
        await instructor.sees("note  window")
        assert PrivateNotes(tmp_path / "own" / "notes.json").of(chosen) == "window"
        assert (tmp_path / "own" / "notes.json").stat().st_mode & 0o777 == 0o600
        await instructor.press("d")
        await instructor.sees("your note: window", "✓ 1.1")
        await instructor.press("escape", "question_mark")
        await instructor.sees("Send everybody a message", "takes over twice the usual time")


async def test_watching_needs_consent_and_ends(teach):
    async with teach() as instructor:
        willing = {person.name: person.mirror for person in instructor.control.status().people}
        table = instructor.table
        for agreed in (False, True):
            place = next(number for number, name in enumerate(instructor.names) if willing[name] is agreed)
            await instructor.press("home", *["down"] * place)
            name = instructor.names[place]
            await instructor.until(lambda name=name: table.chosen == name)
            await instructor.press("m")
            if not agreed:
                await instructor.sees("has not agreed to be watched.")
                assert instructor.control.status().watching == ""
        await instructor.sees(f"The terminal of {name}", "they see that you watch", "$ ./try")
        await instructor.press("escape")
        await instructor.until(lambda: instructor.control.given[-1] == Watch(""))


async def test_the_next_lab_opens_when_all_have_finished(teach):
    async with teach(0) as instructor:
        instructor.control.give(SetPace(Pace(1, waiting=True)))
        instructor.pass_by(20)
        await instructor.until(lambda: len(instructor.names) == 30)
        assert instructor.control.status().pace == Pace(1, waiting=True), "not everybody has finished"
        instructor.pass_by(100)
        await instructor.until(lambda: instructor.control.status().pace == Pace(2, waiting=True))


async def test_the_end_of_a_class_writes_its_report(teach, tmp_path):
    async with teach() as instructor:
        await instructor.press("E")
        await instructor.sees("End the class?")
        await instructor.press("y")
        await instructor.gives(EndClass)
    page, table = sorted((tmp_path / "own").glob("report-*"), key=lambda path: path.suffix, reverse=True)
    assert "Ada" in page.read_text()
    assert table.read_text().count("\n") > 100
    assert str(page) in instructor.app.written


async def test_a_class_goes_on_if_its_report_has_no_room(teach, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runner.instructor.app.replace_text", full)
    async with teach() as instructor:
        await instructor.press("E")
        await instructor.sees("End the class?")
        await instructor.press("y")
        await instructor.sees("The report cannot be written: No space left on", "end it again")
        assert not any(isinstance(order, EndClass) for order in instructor.control.given)


async def test_a_fault_of_the_class_is_shown_in_full_and_once(teach):
    """The line at the top has room for a part of it."""
    trouble = "the record cannot be written, what happens waits in memory: " + "the disk has no room " * 3
    async with teach(0) as instructor:
        status = replace(instructor.control.status(), trouble=trouble)
        instructor.control.status = lambda: status
        await instructor.until(lambda: [one.message for one in instructor.app._notifications] == [trouble])
        board = instructor.app.screen
        board.look()
        assert len(list(instructor.app._notifications)) == 1


async def test_an_empty_room(teach):
    async with teach(0) as instructor:
        await instructor.sees("nobody has opened a lab yet", "nobody is here yet", "nobody can join")
        await instructor.press("d", "m", "h", "s", "k", "x", "n")
        await instructor.sees("nobody here to nudge")


async def test_the_screen_speaks_spanish(teach):
    """Rows, reasons, keys, questions and the help; what its columns are called has room."""
    language.use("es")
    try:
        async with teach() as instructor:
            instructor.happens("Zoe", LabOpened(), StepEntered(), HelpAsked("en mode-1"))
            await instructor.sees("de 30 aquí", "ayuda", "estudiante", "fallos", "por qué", "q Salir")
            await instructor.sees("? pide", "pide ayuda en", "Zoe pide ayuda")
            await instructor.press("E")
            await instructor.sees("¿Terminar la clase?", "Terminarla")
            await instructor.press("n", "question_mark")
            await instructor.sees("Teclas y marcas", "tarda más del doble de lo habitual")
    finally:
        language.use("")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_other_sizes(teach, size):
    """If the steps have no room, the labs without learners take one cell each."""
    async with teach(size=size) as instructor:
        await instructor.until(lambda: instructor.names[0] in instructor.text)
        row = next(line for line in instructor.text.splitlines() if instructor.names[0] in line)
        assert len(row) <= size[0]
        assert "✓" in row
        assert any(seat.need.kind is not NeedKind.NONE for seat in instructor.app._standing.seats)
