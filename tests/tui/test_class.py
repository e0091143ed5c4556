"""A learner's app in a class."""

from contextlib import asynccontextmanager

from textual.widgets import Static

from runner.lab.search import Place
from runner.record.event import CheckPassed, ForgetAsked, HelpAsked, HelpSettled, HintShown, MirrorAgreed
from runner.record.notice import (
    ClassEnded,
    Demo,
    DemoFrame,
    Helped,
    Mirroring,
    Nudge,
    Pace,
    Pause,
    TextRow,
    TextRun,
    Watched,
    Welcome,
)
from runner.tui.attending.pages import ClassPage
from runner.tui.attending.pause import PauseScreen
from runner.tui.attending.side import ClassSide
from runner.tui.messages import PlaceChosen
from runner.tui.screens.picker import PickerScreen
from runner.tui.widgets.demo_pane import DemoPane
from runner.tui.widgets.divided import Divided
from runner.tui.widgets.status import StatusLine
from tests.tui.in_a_lab import in_no_haste


class FakeClass:
    """The link of a class that says what a test has it say."""

    def __init__(self) -> None:
        self.woken = 0
        self.hear = self.connected = None

    def open(self, hear, connected) -> "FakeClass":
        self.hear, self.connected = hear, connected
        return self

    def start(self) -> None:
        self.connected(True)
        self.hear(Welcome("Containers", "Grace", mirror=Mirroring.NO))

    def wake(self) -> None:
        self.woken += 1

    def close(self) -> None:
        pass


@asynccontextmanager
async def attending(sit_down, lab="one", **options):
    group = FakeClass()
    async with sit_down(lab, open_class=group.open, toasts=True, **options) as learner:
        await learner.is_told("You are in the class “Containers” with Grace")
        yield learner, group


def recorded(learner, *kinds):
    return [event.happening for event in learner.journal.events() if isinstance(event.happening, kinds)]


def status(learner) -> str:
    return learner.app.screen_stack[-1].query_one(StatusLine).company


async def test_without_a_class_nothing_is_asked_or_shown(sit_down):
    async with sit_down("one") as learner:
        await learner.press("H", "C", "D")
        assert "Ask for help" not in learner.text
        assert recorded(learner, HelpAsked) == []


async def test_asking_for_help_and_being_nudged(sit_down):
    async with attending(sit_down) as (learner, group):
        await learner.sees("H Ask for help")
        await learner.press("H")
        await learner.until(lambda: "help is asked for" in status(learner))
        assert recorded(learner, HelpAsked, HelpSettled) == [HelpAsked("")]
        assert group.woken
        (event,) = [one for one in learner.journal.events() if isinstance(one.happening, HelpAsked)]
        assert (event.workshop, event.lab, event.step) == ("tiny", "one", "say-it")
        group.hear(Nudge("Look [at] step /2"))
        await learner.is_told("Look [at] step /2")
        group.hear(Nudge(hint=True))
        await learner.sees("First level")
        assert recorded(learner, HintShown) == [HintShown()]
        group.hear(Helped())
        await learner.until(lambda: not status(learner))
        await learner.press("H", "H", "C")
        await learner.sees("with Grace", "Look [at] step /2", "○ the instructor may not see")
        assert recorded(learner, HelpAsked, HelpSettled)[-1] == HelpSettled()


class NoLab:
    """A view of an app in which no lab is open."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text, **_) -> None:
        self.said.append(text)

    def show_class(self) -> None: ...

    def show_hint(self) -> bool:
        return False


def test_a_hint_is_announced_as_what_it_is_where_no_lab_is_open():
    view = NoLab()
    side = ClassSide(None, view)
    side.heard(Nudge(hint=True))
    side.instructor = "grace"
    side.heard(Watched(on=True))
    assert view.said == [
        "Your instructor gives you a hint, but no lab is open. In a lab, h shows it.",
        "grace sees your terminal now.",
    ]


async def test_being_watched_is_agreed_to_and_seen(sit_down):
    async with attending(sit_down) as (learner, group):
        await learner.press("C", "w")
        await learner.sees("✓ the instructor may see")
        assert recorded(learner, MirrorAgreed) == [MirrorAgreed(agreed=True)]
        await learner.press("escape")
        group.hear(Watched(on=True))
        await learner.until(lambda: "◉ the instructor sees your terminal" in status(learner))
        group.hear(Watched(on=False))
        await learner.until(lambda: not status(learner))
        group.connected(False)
        await learner.until(lambda: "no connection to the class" in status(learner))


async def test_the_question_for_consent(sit_down):
    group = FakeClass()
    group.start = lambda: None
    async with sit_down("one", open_class=group.open) as learner:
        group.hear(Welcome("Containers", mirror=Mirroring.ASK))
        await learner.sees("May the instructor see your terminal?")
        await learner.is_too_early_with("y", "n", "enter", "escape")
        assert recorded(learner, MirrorAgreed) == []
        await learner.answer("y")
        await learner.until(lambda: recorded(learner, MirrorAgreed) == [MirrorAgreed(agreed=True)])
        group.hear(Welcome("Containers", received=5, mirror=Mirroring.ASK, word="KITE-1234"))
        group.hear(Welcome("Containers", received=5, mirror=Mirroring.ASK))
        await learner.press("C")
        # After a lost connection it is not asked again.
        await learner.sees("✓ the instructor may see", "your name, and KITE-1234 for a password")


async def test_a_pause_stops_the_keys(sit_down):
    async with attending(sit_down) as (learner, group):
        group.hear(Pause(on=True, text="Lunch"))
        await learner.sees("‖ Pause", "Lunch")
        await learner.press("h", "n", "escape", "q")
        assert isinstance(learner.screen, PauseScreen)
        assert recorded(learner, HintShown) == []
        group.hear(Pause(on=False))
        await learner.until(lambda: not isinstance(learner.screen, PauseScreen))
        await learner.press("h")
        await learner.until(lambda: recorded(learner, HintShown))


async def test_the_pace_holds_in_the_list_and_at_a_labs_end(sit_down):
    async with attending(sit_down, lab="") as (learner, group):
        group.hear(Pace(1, waiting=True))
        await learner.press("down", "enter")
        await learner.is_told("The class is not there yet")
        assert isinstance(learner.screen, PickerScreen)
        group.hear(Pace(2, waiting=True))
        await learner.is_told("The class goes on")
        await learner.press("enter")
        await learner.sees("The second lab")


async def test_the_demo_is_beside_ones_own_terminal(sit_down):
    async with attending(sit_down) as (learner, group):
        picture = DemoFrame(
            20, 2, (TextRow((TextRun("$ ", "bold"), TextRun("strace [ls]", "fg=2"))), TextRow())
        )
        group.hear(picture)
        group.hear(Demo(on=True))
        group.hear(picture)
        await learner.sees("The instructor's screen", "$ strace [ls]")
        assert learner.terminal().region.height > 5
        await learner.press("D")
        await learner.until(lambda: "strace [ls]" not in learner.text)
        await learner.press("D")
        await learner.sees("strace [ls]")
        group.hear(Demo(on=False))
        await learner.until(lambda: "strace [ls]" not in learner.text)


async def test_the_end_of_a_class_leaves_everything_open(sit_down):
    async with attending(sit_down) as (learner, group):
        group.hear(Welcome("Containers", word="KITE-1234"))
        page = ClassPage(learner.app._class)
        await learner.until(lambda: any("KITE-1234" in line.plain for line in page._lines()))
        for notice in (Pace(1), Pause(on=True), ClassEnded("Well done.")):
            group.hear(notice)
        await learner.is_told("Well done. You can go on by yourself.")
        await learner.until(lambda: not isinstance(learner.screen, PauseScreen))
        told = [line.plain for line in page._lines()]
        assert not any("KITE-1234" in line for line in told), "there is nothing to come back to"
        await learner.press("H")
        assert recorded(learner, HelpAsked) == []


async def test_the_record_can_be_seen_and_deleted_in_the_app(sit_down):
    async with attending(sit_down) as (learner, _):
        learner.journal.record(CheckPassed("hello"), "tiny", "one", "say-it")
        learner.app._show_record()
        await learner.sees("Recorded of you", "say-it  check='hello'")
        await learner.press("delete")
        await learner.sees("those of a lesson are put back once")
        await learner.press("y")
        await learner.is_told("Deleted")
        assert recorded(learner, CheckPassed, ForgetAsked) == [ForgetAsked()]
        assert learner.lab().passed == set()
        assert learner.screen.query(Static)


async def test_a_picture_may_come_before_the_last_one_is_on_the_screen(sit_down):
    def picture(text: str) -> DemoFrame:
        return DemoFrame(20, 1, (TextRow((TextRun(text),)),))

    async with attending(sit_down) as (learner, _):
        pane = DemoPane(picture("first"))
        _ = learner.screen.query_one(Divided).mount(pane, before=0)
        pane.show(picture("second"))
        await learner.sees("The instructor's screen", "second")


async def test_looking_something_up_in_a_closed_lab_leaves_the_open_one_as_it_is(sit_down):
    async with attending(sit_down) as (learner, group):
        group.hear(Pace(1, waiting=True))
        await learner.until(lambda: learner.app._class.pace.labs == 1)
        screen, session = learner.screen, learner.screen._controller.session
        workshop = screen._controller.workshop
        closed = workshop.labs[1]
        learner.app.post_message(
            PlaceChosen(workshop, Place("Think", "", 1, lab=closed, step=closed.steps[1]))
        )
        await learner.is_told("The class is not there yet")
        assert learner.screen is screen
        assert screen._controller.session is session
        here = workshop.labs[0]
        learner.app.post_message(PlaceChosen(workshop, Place("Think", "", 1, lab=here, step=here.steps[1])))
        await learner.sees("Step 2 of 2")


async def test_why_the_next_lab_is_closed_is_told_in_the_list(sit_down):
    async with attending(sit_down) as (learner, group):
        group.hear(Pace(1, waiting=True))
        await learner.until(lambda: learner.app._class.pace.labs == 1)
        await learner.press("n", "n")
        await learner.sees("some checks are still open")
        await learner.answer("n")
        await learner.is_at_the_labs()
        await learner.is_told("The class is not there yet")


def shown(text: str) -> DemoFrame:
    return DemoFrame(20, 1, (TextRow((TextRun(text),)),))


async def test_a_demo_that_does_not_change_is_in_the_next_lab_too(sit_down):
    async with attending(sit_down, lab="") as (learner, group):
        group.hear(Demo(on=True))
        group.hear(shown("look here"))
        await learner.is_told("shows something")
        await learner.press("enter")
        await learner.sees("Step 1 of 2", "look here")
        await learner.press("D")
        await learner.until(lambda: "look here" not in learner.text)
        await learner.press("q")
        await learner.is_at_the_labs()
        await learner.press("enter")
        await learner.sees("Step 1 of 2")
        await in_no_haste(learner)
        assert "look here" not in learner.text


async def test_being_watched_is_seen_in_the_sandbox_too(sit_down):
    async with attending(sit_down, lab="") as (learner, group):
        group.hear(Watched(on=True))
        await learner.until(lambda: learner.app._class.watched)
        await learner.press("b")
        await learner.sees("◉ the instructor sees your terminal")
