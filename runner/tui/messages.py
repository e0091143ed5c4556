"""Messages of widgets and workers to the screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from runner.errors import WorkshopError
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import ConsoleBlock, ContainerBlock, FileBlock, Lab, QuizBlock, Step, Workshop

if TYPE_CHECKING:
    from runner.lab.search import Place
    from runner.learner.session.events import SessionEvent
    from runner.record.notice import Notice


@dataclass
class LabChosen(Message):
    """The learner has chosen this lab."""

    workshop: Workshop
    lab: Lab


@dataclass
class PlaceChosen(Message):
    """The learner wants to go to a step, or to the explanation of a term."""

    workshop: Workshop
    place: "Place"
    words: Sequence[str] = ()
    """The words to bring into view there."""


@dataclass
class SandboxAsked(Message):
    """The learner wants containers outside the labs."""


@dataclass
class Told(Message):
    """An event of the session."""

    happening: "SessionEvent"


@dataclass
class Progressed(Message):
    """Long work has advanced a step."""

    text: str


@dataclass
class LaunchAsked(Message):
    """The learner wants to launch this container."""

    block: ContainerBlock


@dataclass
class TypeAsked(Message):
    """The learner wants this command typed."""

    block: ConsoleBlock
    command: Command


@dataclass
class EditAsked(Message):
    """The learner wants to edit this file."""

    block: FileBlock


@dataclass
class Answered(Message):
    """The learner has chosen an answer."""

    quiz: QuizBlock
    option: int


@dataclass
class NextAsked(Message):
    """The learner wants to go on to the next step."""


@dataclass
class LabLeft(Message):
    """The learner leaves the lab, and goes on to another one, if any."""

    following: Lab | None
    step: Step | None = None
    workshop: Workshop | None = None
    """The workshop of `following`, if it may be another one."""
    back: Step | None = None
    """The step to return to after `following`, if the learner only looks something up there."""
    words: Sequence[str] = ()
    """The words to bring into view in `step`."""


@dataclass
class Demonstrated(Message):
    """The lab has played itself to its end, or to where it was `stuck`."""

    stuck: WorkshopError | None


@dataclass
class HintAsked(Message):
    """The learner wants one more hint."""


@dataclass
class ClassTold(Message):
    """A notice of the class to the learner."""

    notice: "Notice"


@dataclass
class ClassReached(Message):
    """The class became reachable or unreachable."""

    connected: bool
