"""A learner's app in a class: what the class has said, and what the learner says to it."""

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
        """Note that something was recorded."""

    def close(self) -> None:
        """End it, after sending what has not been sent."""


OpenClass = Callable[[Callable[[Notice], object], Callable[[bool], object]], ClassLink]
"""Makes the link; it tells its notices, and whether the class can be reached, from threads of its own."""


class ClassView(Protocol):
    """What the app does for the class; called in its thread."""

    def say(self, text: str, *, title: str = "", timeout: float | None = None) -> None:
        """Show a message."""

    def show_class(self) -> None:
        """What stands of the class on the screens has changed."""

    def show_hint(self) -> bool:
        """Show the next hint of the step; False if no lab is open."""

    def show_pause(self, pause: Pause) -> None:
        """Keep the learner from going on, or let them."""

    def show_demo(self, frame: DemoFrame | None) -> None:
        """Show the instructor's screen; None takes it away."""

    def ask_consent(self) -> None:
        """Ask whether the instructor may see the learner's terminal."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the learner is; "" where they are in no lab."""

    workshop: str = ""
    lab: str = ""
    step: str = ""


class ClassSide:
    """What a class has said so far, in the app's thread; what the learner says goes into their record, and from there
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
        """Whether the learner has agreed that the instructor sees their terminal."""
        self.asking = False
        """Whether they have asked for help."""
        self.word = ""
        """What lets the learner in again, where the class has not shown it."""
        self.nudges: list[str] = []
        """What the instructor has written, the newest last."""

    def reached(self, *, connected: bool) -> None:
        """Note whether the class can be reached."""
        self.connected = connected
        self._view.show_class()

    def heard(self, notice: Notice) -> None:
        """Act on a notice of the class."""
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
        """The same as the first word of a sentence."""
        return self.instructor or tr("Your instructor")

    @property
    def standing(self) -> str:
        """What always has to be seen of the class, in a line; "" if there is nothing."""
        if self.over or not self.title:
            return ""
        parts = [
            tr("◉ the instructor sees your terminal") if self.watched else "",
            tr("? help is asked for") if self.asking else "",
            "" if self.connected else tr("! no connection to the class"),
        ]
        return "  ".join(filter(None, parts))

    def why_closed(self, workshop: Workshop, lab: Lab) -> str:
        """Why a lab cannot be opened yet; "" if it can."""
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

    # What the learner says.

    def ask_for_help(self, place: Place, about: str = "") -> None:
        """Ask for help, or say that it is needed no more."""
        self.asking = not self.asking
        happening = HelpAsked(about) if self.asking else HelpSettled()
        self._journal.record(happening, place.workshop, place.lab, place.step)
        self._view.say(
            tr("{name} sees that you ask for help. H again takes it back.", name=self._name_first)
            if self.asking
            else tr("You no longer ask for help.")
        )
        self._view.show_class()

    def agree(self, *, agreed: bool) -> None:
        """The instructor may see the learner's terminal, or not."""
        self.mirror = agreed
        self._journal.record(MirrorAgreed(agreed), "", "")
        self._view.show_class()

    def forget(self) -> int:
        """Delete all that is recorded of the learner, here and in the class; how many events there were here.

        Raises:
            WorkshopError: it cannot be deleted now.
        """
        deleted = self._journal.forget()
        if self.title:
            self._journal.record(ForgetAsked(), "", "")
        return deleted
