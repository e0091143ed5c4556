"""Pages over the board: a learner's details, the keys, and a learner's terminal."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runner.instructor.marks import NEEDS, STEPS, step_mark
from runner.language import tr
from runner.record.notice import DemoFrame
from runner.report.course.text import minutes
from runner.teaching.standing import Seat, Standing
from runner.tui.boxed import BoxedScreen
from runner.tui.keys.legend import KeyRow
from runner.tui.widgets.picture import Picture

PICTURE_SECONDS = 0.25


class Page(BoxedScreen[None]):
    """A text over the board."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Close")]
    DEFAULT_CSS = "Page #box { width: 96; }"

    def __init__(self, title: str, text: Content, way_out: str = "") -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._way_out = way_out

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(self._way_out or tr("Esc closes"))
            yield Static(self._text)


class MirrorPage(BoxedScreen[None]):
    """A learner's terminal as it is now; read only, and they see that they are watched."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,m", "dismiss", "Look away")]
    DEFAULT_CSS = """
    MirrorPage {
        #box { width: auto; min-width: 60; padding: 0; border: round $accent; border-title-color: $accent; }
    }
    """

    def __init__(self, learner: str, look: Callable[[], DemoFrame | None]) -> None:
        super().__init__()
        self._learner = learner
        self._look = look
        self._shown: DemoFrame | None = None

    def compose(self) -> ComposeResult:
        with ScrollableContainer(id="box") as box:
            box.border_title = Content(tr("The terminal of {name}, read only", name=self._learner))
            box.border_subtitle = tr("they see that you watch · Esc looks away")
            yield Picture(tr("waiting for the first picture …"))

    def on_mount(self) -> None:
        self._show()
        self.set_interval(PICTURE_SECONDS, self._show)

    def _show(self) -> None:
        frame = self._look()
        if frame is not None and frame != self._shown:
            self._shown = frame
            self.query_one(Picture).show(frame)


def details_page(seat: Seat, standing: Standing, note: str) -> Page:
    """Everything recorded of a learner."""
    return Page(seat.name, Content("\n").join(_details(seat, standing, note)))


def _details(seat: Seat, standing: Standing, note: str) -> Iterator[Content]:
    mark = NEEDS[seat.need.kind]
    state = tr(mark.symbol) or tr("at work")
    yield Content.assemble((state, mark.colour), f"  {' '.join(seat.need.why.split())}")
    if note:
        yield Content.assemble((tr("your note: "), "$text-muted"), note)
    names = (tr("step"), tr("time"), tr("fails"), tr("hints"))
    yield Content.styled("\n{:2}{:<44} {:>6} {:>6} {:>6}".format("", *names), "$text-muted")
    lab = ""
    for step in standing.plan:
        visit = seat.way.steps.get(step.place)
        if visit is None:
            continue
        if step.lab_title != lab:
            lab = step.lab_title
            yield Content.styled(f"{step.lab_number}. {lab}", "bold")
        stands = step_mark(step, visit, here=step == seat.step)
        title = f"{step.label} {step.title}"[:44]
        yield Content.assemble(
            (f"{stands.symbol} ", stands.colour),
            f"{title:<44} {minutes(visit.seconds):>6} {visit.tries:>6} {visit.hints:>6}",
        )
        for (check, observed), times in visit.failures.most_common(3):
            seen = " ".join(observed.split())
            line = tr("{times} times {check}: {seen}", times=times, check=check, seen=seen)
            yield Content.styled(f"      {line}"[:90], "$text-muted")


def keys_page(rows: list[KeyRow]) -> Page:
    """The keys and the marks."""
    return Page(tr("Keys and marks"), Content("\n").join(_keys(rows)))


def _keys(rows: list[KeyRow]) -> Iterator[Content]:
    for row in rows:
        yield Content.assemble((f"{row.keys:>12}  ", "$footer-key-foreground bold"), row.does)
    yield Content(f"\n{tr('A learner …')}")
    for mark in NEEDS.values():
        yield Content.assemble((f"{tr(mark.symbol) or tr('(nothing)'):>12}  ", mark.colour), tr(mark.meaning))
    yield Content(f"\n{tr('A step …')}")
    for mark in STEPS:
        yield Content.assemble((f"{mark.symbol:>12}  ", mark.colour), tr(mark.meaning))
