"""The class at a glance, with the instructor's actions."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from runner.errors import WorkshopError, told
from runner.instructor.dialogs import Addressed, Addressees, LineScreen, NudgeScreen, PaceScreen
from runner.instructor.joining import JoiningPage
from runner.instructor.notes import PrivateNotes
from runner.instructor.overview import details, headline, whereabouts
from runner.instructor.pages import MirrorPage, details_page, keys_page
from runner.instructor.table import ClassTable
from runner.language import tr
from runner.record.notice import Nudge, Pace, Pause
from runner.teaching.control import (
    ClassControl,
    ClassStatus,
    EndClass,
    Order,
    Remove,
    SendNudge,
    SetDemo,
    SetPace,
    SetPause,
    SettleHelp,
    Watch,
)
from runner.teaching.needs import NeedKind
from runner.teaching.standing import Seat, Standing
from runner.tui.keys.legend import keys_of
from runner.tui.screens.question import Question
from runner.tui.widgets.key_bar import KeyBar

LOOK_SECONDS = 0.25
"""Seconds between two looks at the record; a failed try is seen after half of that on average."""
FORGET_SECONDS = 5.0
"""Seconds between two checks for learners whose record was deleted."""


class BoardScreen(Screen[None]):
    """Learners by steps, sorted by need of help, and the chosen learner below."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "Details"),
        Binding("n", "nudge", "Nudge"),
        Binding("h", "hint", "Hint"),
        Binding("A", "nudge_all", "Nudge all"),
        Binding("s", "settle", "Helped"),
        Binding("m", "mirror", "Mirror"),
        Binding("k", "note", "Note"),
        Binding("p", "pace", "Pace"),
        Binding("z", "pause", "Pause"),
        Binding("o", "demo", "Demo"),
        Binding("i", "joining", "Joining"),
        Binding("x", "remove", "Remove", show=False),
        Binding("E", "end", "End class"),
        Binding("question_mark", "keys", "Help", key_display="?"),
        Binding("q", "leave", "Leave"),
    ]
    DEFAULT_CSS = """
    BoardScreen {
        #head, #at { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        #head { background: $panel; }
        #details { height: 6; padding: 0 1; border-top: solid $border-blurred; }
    }
    """

    def __init__(
        self, control: ClassControl, standing: Standing, notes: PrivateNotes, end: Callable[[], None]
    ) -> None:
        """`end` writes the report."""
        super().__init__()
        self._control = control
        self._standing = standing
        self._notes = notes
        self._end = end
        self._status = ClassStatus("")
        self._asking: set[str] = set()
        self._trouble = ""
        self._opening = 0

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield Static(id="at")
        yield ClassTable()
        yield Static(id="details")
        yield KeyBar()

    def on_mount(self) -> None:
        self.call_after_refresh(self.look)
        self.set_interval(LOOK_SECONDS, self.look)
        self.set_interval(FORGET_SECONDS, self._standing.drop_forgotten)

    @property
    def _table(self) -> ClassTable:
        return self.query_one(ClassTable)

    @property
    def _chosen(self) -> Seat | None:
        return self._standing.seat(self._table.chosen)

    def look(self) -> None:
        """Show the class as it is now."""
        self._status = self._control.status()
        self._standing.refresh(self._status)
        self.query_one("#head", Static).update(headline(self._status, self._standing))
        self.query_one("#at", Static).update(whereabouts(self._standing))
        self._table.show(self._standing)
        self._show_details()
        self._call_attention()
        self._keep_pace()

    @on(ClassTable.Opened)
    def _opened(self) -> None:
        self.action_details()

    @on(ClassTable.Chosen)
    def _show_details(self) -> None:
        note = self._notes.of(self._table.chosen)
        self.query_one("#details", Static).update(
            details(self._chosen, self._standing, note, self._status.joining)
        )

    def _call_attention(self) -> None:
        """Report new calls for help since the last look, and in full what the class cannot do now."""
        if (trouble := self._status.trouble) and trouble != self._trouble:
            self._say(trouble, error=True)
        self._trouble = trouble
        asking = {seat.name for seat in self._standing.seats if seat.need.kind is NeedKind.HELP}
        for name in sorted(asking - self._asking):
            self.app.bell()
            self._say(tr("{name} asks for help", name=name), title="?")
        self._asking = asking

    def _keep_pace(self) -> None:
        """Open the next lab once every learner who is here has finished, if the class waits for all."""
        pace = self._status.pace
        here = [seat for seat in self._standing.seats if seat.person.connected]
        if not pace.waiting or pace.labs is None or self._opening == pace.labs or not here:
            return
        if all(self._standing.has_finished(seat.way, pace.labs) for seat in here):
            self._opening = pace.labs
            last = pace.labs + 1 >= len(self._standing.workshop.labs)
            if self._give(SetPace(Pace(None) if last else Pace(pace.labs + 1, waiting=True))):
                self._say(tr("Everybody has finished lab {lab}: the next one is open", lab=pace.labs))

    def _give(self, order: Order) -> bool:
        try:
            self._control.give(order)
        except WorkshopError as error:
            self._say(f"{error}\n{error.remedy}".strip(), title=tr("That did not work"), error=True)
            return False
        return True

    def _say(self, text: str, *, title: str = "", error: bool = False) -> None:
        severity = "error" if error else "information"
        self.notify(text, title=title, severity=severity, markup=False)  # type: ignore[arg-type]

    def action_details(self) -> None:
        """Show everything recorded of the chosen learner."""
        if (seat := self._chosen) is not None:
            self.app.push_screen(details_page(seat, self._standing, self._notes.of(seat.name)))

    def action_nudge(self) -> None:
        """Send the chosen learner, or those at their step, a message or the next hint."""
        self._nudge(0)

    def action_nudge_all(self) -> None:
        """Send everybody a message."""
        self._nudge(-1)

    def _nudge(self, chosen: int) -> None:
        choices = self._addressees()
        if not choices:
            self._say(tr("There is nobody here to nudge."))
            return

        def answered(addressed: Addressed | None) -> None:
            if addressed is not None and self._give(SendNudge(addressed.to, addressed.nudge)):
                self._say(
                    tr("A hint goes to {names}", names=_listed(addressed.to))
                    if addressed.nudge.hint
                    else tr("Your message goes to {names}", names=_listed(addressed.to))
                )

        self.app.push_screen(NudgeScreen(choices, chosen % len(choices)), answered)

    def _addressees(self) -> list[Addressees]:
        seat = self._chosen
        here = tuple(person.name for person in self._status.people if person.connected)
        choices = [Addressees(seat.name, (seat.name,))] if seat is not None and seat.name in here else []
        if seat is not None and seat.step is not None:
            at = tuple(name for name in self._standing.at(seat.step) if name in here)
            choices += [Addressees(tr("all at {step}", step=seat.step.label), at)] if at else []
        return [*choices, Addressees(tr("everybody"), here)] if here else []

    def action_hint(self) -> None:
        """Send the chosen learner the next hint of their step."""
        seat = self._chosen
        if seat is not None and self._give(SendNudge((seat.name,), Nudge(hint=True))):
            self._say(tr("A hint goes to {names}", names=seat.name))

    def action_settle(self) -> None:
        """Mark the chosen learner's call for help as settled."""
        seat = self._chosen
        if seat is None or seat.need.kind is not NeedKind.HELP:
            self._say(tr("The chosen learner has not asked for help."))
        else:
            self._give(SettleHelp(seat.name))
            self.look()

    def action_mirror(self) -> None:
        """Watch the chosen learner's terminal, if they have agreed to it."""
        seat = self._chosen
        if seat is None:
            return
        if self._give(Watch(seat.name)):
            self.app.push_screen(MirrorPage(seat.name, self._control.mirrored), lambda _: self._look_away())

    def _look_away(self) -> None:
        self._give(Watch(""))

    def action_note(self) -> None:
        """Write a note on the chosen learner, for you alone."""
        seat = self._chosen
        if seat is None:
            return

        def answered(text: str | None) -> None:
            if text is None:
                return
            try:
                self._notes.keep(seat.name, text)
            except OSError as error:
                self._say(tr("The note cannot be written: {why}", why=error.strerror), error=True)
            self._show_details()

        title = tr("Note on {name}", name=seat.name)
        about = tr("For you alone: no part of the record or of a report.")
        self.app.push_screen(LineScreen(title, about, self._notes.of(seat.name)), answered)

    def action_pace(self) -> None:
        """Set the last lab that is open to the class."""

        def answered(pace: Pace | None) -> None:
            if pace is not None:
                self._opening = 0
                self._give(SetPace(pace))
                self.look()

        self.app.push_screen(PaceScreen(self._standing.workshop, self._status.pace), answered)

    def action_pause(self) -> None:
        """Have everybody stop, or go on."""
        if self._status.pause.on:
            self._give(SetPause(Pause(on=False)))
            self.look()
            return

        def answered(text: str | None) -> None:
            if text is not None:
                self._give(SetPause(Pause(on=True, text=text.strip())))
                self.look()

        about = tr("Everybody's keys rest until you go on. What shall they read? It may be empty.")
        self.app.push_screen(LineScreen(tr("Pause"), about), answered)

    def action_demo(self) -> None:
        """Show your own session to everybody, or no longer."""
        self._give(SetDemo(not self._status.demo))
        self.look()

    def action_joining(self) -> None:
        """Show how to join."""
        self.app.push_screen(JoiningPage(self._status))

    def action_remove(self) -> None:
        """Take the chosen learner out of the class."""
        seat = self._chosen
        if seat is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._give(Remove(seat.name))
                self.look()

        title = tr("Remove {name}?", name=seat.name)
        text = tr(
            "Their session ends, and their place is free. What was recorded stays. They may join again."
        )
        self.app.push_screen(Question(title, text, yes=tr("Remove"), no=tr("Keep")), answered)

    def action_end(self) -> None:
        """End the class, and write its report."""

        def answered(yes: bool | None) -> None:
            if not yes:
                return
            try:
                self._end()
            except OSError as error:
                said = tr(
                    "The report cannot be written: {why}. The class goes on; put that right, and end it again.",
                    why=told(error),
                )
                self._say(said, error=True)
                return
            if self._give(EndClass(tr("The class is over. Thank you!"))):
                self.app.exit()

        text = tr("Everybody's session ends. A report of the class is written first, as HTML and CSV.")
        question = Question(tr("End the class?"), text, yes=tr("End it"), no=tr("Go on"))
        self.app.push_screen(question, answered)

    def action_keys(self) -> None:
        """Show the keys and the marks."""
        self.app.push_screen(keys_page(keys_of(BoardScreen)))

    def action_leave(self) -> None:
        """Leave this screen; the class goes on."""
        self.app.exit()


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) <= 3 else tr("{number} learners", number=len(names))
