"""A learner's app in a class: handling the class's notices, and the learner's messages to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from runner.lab.model.workshop import Lab, Workshop
from runner.language import tr
from runner.record.event import ForgetAsked, HelpAsked, HelpSettled, MirrorAgreed
from runner.record.notice import (
    ClassEnded,
    Demo,
    DemoFrame,
    Helped,
    Mirroring,
    Notice,
    Nudge,
    Pace,
    Pause,
    Watched,
    Welcome,
)

if TYPE_CHECKING:
    from runner.learner.progress.journal import Journal

_MOST_NUDGES = 20
_NUDGE_SECONDS = 60.0


class ClassLink(Protocol):
    """The connection to a class."""

    def start(self) -> None:
        """Connect, and keep connected."""

    def wake(self) -> None:
        """Wake the sender: an event was recorded."""

    def close(self) -> None:
        """Send the unsent events, then close the connection."""


OpenClass = Callable[[Callable[[Notice], object], Callable[[bool], object]], ClassLink]
"""Opens the link; its callbacks get notices and reachability, from threads of its own."""


class ClassView(Protocol):
    """The app's actions for the class; called in the app's thread."""

    def say(self, text: str, *, title: str = "", timeout: float | None = None) -> None:
        """Show a message."""

    def show_class(self) -> None:
        """Refresh the class status on every screen."""

    def show_hint(self) -> bool:
        """Show the next hint of the step; False if no lab is open."""

    def show_pause(self, pause: Pause) -> None:
        """Stop the learner, or let them go on."""

    def show_demo(self, frame: DemoFrame | None) -> None:
        """Show the instructor's screen; None removes it."""

    def ask_consent(self) -> None:
        """Ask whether the instructor may see the learner's terminal."""


@dataclass(frozen=True, slots=True)
class Place:
    """The learner's current place; "" where they are in no lab."""

    workshop: str = ""
    lab: str = ""
    step: str = ""


class ClassSide:
    """The class's notices so far, in the app's thread; the learner's messages go into their record, and from there
    to the class."""

    def __init__(self, journal: "Journal", view: ClassView) -> None:
        self._journal = journal
        self._view = view
        self.title = ""
        self.instructor = ""
        self.connected = False
        self.over = False
        self.pace = Pace()
        self.paused = False
        self.demo = False
        self.watched = False
        self.mirror = False
        """True if the learner has agreed that the instructor sees their terminal."""
        self.asking = False
        """True if they have asked for help."""
        self.word = ""
        """The word that lets the learner in again, if the class has not shown it."""
        self.nudges: list[str] = []
        """The instructor's messages, the newest last."""

    def reached(self, *, connected: bool) -> None:
        """Note that the class became reachable or unreachable."""
        self.connected = connected
        self._view.show_class()

    def heard(self, notice: Notice) -> None:
        """Handle a notice of the class."""
        match notice:
            case Welcome():
                self._welcomed(notice)
            case Nudge():
                self._nudged(notice)
            case Pace():
                self._paced(notice)
            case Pause(on):
                self.paused = on
                self._view.show_pause(notice)
            case Demo(on):
                self._demonstrated(on=on)
            case DemoFrame() if self.demo:
                self._view.show_demo(notice)
            case Watched(on):
                self._watched(on=on)
            case Helped():
                self.asking = False
            case ClassEnded(text):
                self._ended(text)
        self._view.show_class()

    def _welcomed(self, welcome: Welcome) -> None:
        first = not self.title
        self.title, self.instructor = welcome.title, welcome.instructor
        if welcome.word and welcome.word != self.word:
            self.word = welcome.word
            text = tr(
                "To come back: your name, and {word} for a password. C shows it again.", word=welcome.word
            )
            self._view.say(text, timeout=30)
        if not first:
            return
        self.mirror = welcome.mirror is Mirroring.YES
        if welcome.mirror is Mirroring.ASK:
            self._view.ask_consent()
        by = tr(" with {instructor}", instructor=welcome.instructor) if welcome.instructor else ""
        self._view.say(
            tr("You are in the class “{title}”{by}. H asks for help.", title=welcome.title, by=by), timeout=10
        )

    def _nudged(self, nudge: Nudge) -> None:
        if nudge.text:
            self.nudges = [*self.nudges, nudge.text][-_MOST_NUDGES:]
            self._view.say(
                nudge.text, title=tr("From {name}: C shows it again", name=self._name), timeout=_NUDGE_SECONDS
            )
        if nudge.hint:
            shown = self._view.show_hint()
            said = (
                tr("A hint from {name} is in the lesson.", name=self._name)
                if shown
                else tr(
                    "{name} gives you a hint, but no lab is open. In a lab, h shows it.",
                    name=self._name_first,
                )
            )
            self._view.say(said, timeout=15)

    def _paced(self, pace: Pace) -> None:
        if pace != self.pace and pace.labs is not None and self.pace.labs not in {None, pace.labs}:
            self._view.say(
                tr("The class goes on: the labs are open up to number {labs}.", labs=pace.labs), timeout=10
            )
        elif pace != self.pace and pace.labs is None:
            self._view.say(tr("All labs are open."))
        self.pace = pace

    def _demonstrated(self, *, on: bool) -> None:
        if on and not self.demo:
            self._view.say(
                tr("{name} shows something. D hides and shows it, in a lab.", name=self._name_first),
                timeout=10,
            )
        self.demo = on
        if not on:
            self._view.show_demo(None)

    def _watched(self, *, on: bool) -> None:
        if on != self.watched:
            self._view.say(
                tr("{name} sees your terminal now.", name=self._name_first)
                if on
                else tr("{name} no longer sees your terminal.", name=self._name_first)
            )
        self.watched = on

    def _ended(self, text: str) -> None:
        self.over, self.paused, self.demo, self.watched = True, False, False, False
        self.pace = Pace()
        self._view.show_pause(Pause(on=False))
        self._view.show_demo(None)
        self._view.say(
            tr("{what} You can go on by yourself.", what=text or tr("The class is over.")), timeout=30
        )

    @property
    def _name(self) -> str:
        return self.instructor or tr("your instructor")

    @property
    def _name_first(self) -> str:
        """The instructor's name as the first word of a sentence."""
        return self.instructor or tr("Your instructor")

    @property
    def standing(self) -> str:
        """The class status line; "" if it is empty."""
        if self.over or not self.title:
            return ""
        parts = [
            tr("◉ the instructor sees your terminal") if self.watched else "",
            tr("? help is asked for") if self.asking else "",
            "" if self.connected else tr("! no connection to the class"),
        ]
        return "  ".join(filter(None, parts))

    def why_closed(self, workshop: Workshop, lab: Lab) -> str:
        """The reason why a lab cannot be opened yet; "" if it can."""
        number = workshop.labs.index(lab) + 1
        if self.pace.labs is None or number <= self.pace.labs:
            return ""
        when = (
            tr("once everybody has finished the ones before")
            if self.pace.waiting
            else tr("when the instructor opens it")
        )
        return tr(
            "The class is not there yet: this lab opens {when}. Open are the labs up to number {labs}.",
            when=when,
            labs=self.pace.labs,
        )

    # The learner's messages.

    def ask_for_help(self, place: Place) -> None:
        """Ask for help, or withdraw the request."""
        self.asking = not self.asking
        happening = HelpAsked() if self.asking else HelpSettled()
        self._journal.record(happening, place.workshop, place.lab, place.step)
        self._view.say(
            tr("{name} sees that you ask for help. H again takes it back.", name=self._name_first)
            if self.asking
            else tr("You no longer ask for help.")
        )
        self._view.show_class()

    def agree(self, *, agreed: bool) -> None:
        """Store whether the instructor may see the learner's terminal."""
        self.mirror = agreed
        self._journal.record(MirrorAgreed(agreed), "", "")
        self._view.show_class()

    def forget(self) -> int:
        """Delete everything recorded of the learner, here and in the class; returns the number of events deleted here.

        Raises:
            WorkshopError: it cannot be deleted now.
        """
        deleted = self._journal.forget()
        if self.title:
            self._journal.record(ForgetAsked(), "", "")
        return deleted
