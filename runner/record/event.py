"""Events: a learner's actions, and things that happened to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from runner.errors import harmless
from runner.record.codec import packed, unpacked

LONGEST_TEXT = 500
"""The number of characters kept of an observed text."""
LONGEST_UNKNOWN = 1024
"""The number of characters, as JSON, kept of an event that cannot be understood."""


class Trial(StrEnum):
    """The result of a check that did not pass."""

    FAILED = "failed"
    """The learner's work is wrong."""
    ERROR = "error"
    """The engine or the runner broke."""
    BROKEN = "broken"
    """The learner's environment needs a reset."""
    SKIPPED = "skipped"
    """The check was not tried."""


@dataclass(frozen=True, slots=True)
class _Bare:
    """A happening without fields; plain, since a dataclass for each would slow the app's start."""

    kind: ClassVar[str]


class LabOpened(_Bare):
    """The lab came onto the screen."""

    kind = "opened"


class LabBegun(_Bare):
    """The learner acted in the lab for the first time; looking at it does not count."""

    kind = "begun"


class LabClosed(_Bare):
    """The lab left the screen."""

    kind = "closed"


class Alive(_Bare):
    """The lab is still on the screen: after a crash, only the time since the last such event is lost."""

    kind = "alive"


class StepEntered(_Bare):
    """The step became the current one."""

    kind = "entered"


@dataclass(frozen=True, slots=True)
class CheckTried:
    """A check was tried and did not pass; `asked` is true if the learner asked for it, else it ran by itself."""

    kind: ClassVar[str] = "tried"
    check: str
    outcome: Trial
    observed: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class CheckPassed:
    """A check passed."""

    kind: ClassVar[str] = "passed"
    check: str


class HintShown(_Bare):
    """One more hint of the step was revealed."""

    kind = "hint"


class StepSolved(_Bare):
    """The step was solved for the learner, who watched."""

    kind = "solved"


class StepSkipped(_Bare):
    """The step was solved for the learner, who went on."""

    kind = "skipped"


@dataclass(frozen=True, slots=True)
class QuizAnswered:
    """A question was answered with an option, counted from 0."""

    kind: ClassVar[str] = "answered"
    quiz: str
    option: int
    correct: bool = False


@dataclass(frozen=True, slots=True)
class NotesKept:
    """The learner's notes on the lab are `text` from now on; private, so never sent."""

    kind: ClassVar[str] = "noted"
    text: str


class LabFinished(_Bare):
    """The lab's last step was left, and every check had passed."""

    kind = "finished"


class StepReset(_Bare):
    """The step was begun again."""

    kind = "step-reset"


class LabReset(_Bare):
    """The lab was begun again."""

    kind = "lab-reset"


@dataclass(frozen=True, slots=True)
class EngineTrouble:
    """The engine failed, or is `lost`."""

    kind: ClassVar[str] = "engine-trouble"
    reason: str
    lost: bool = False


class EngineBack(_Bare):
    """An engine is available again after a failure."""

    kind = "engine-back"


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """The learner asks the instructor for help."""

    kind: ClassVar[str] = "help-asked"
    about: str = ""


class HelpSettled(_Bare):
    """The learner no longer needs help."""

    kind = "help-settled"


@dataclass(frozen=True, slots=True)
class MirrorAgreed:
    """The learner allows, or no longer allows, the instructor to see their terminal."""

    kind: ClassVar[str] = "mirror-agreed"
    agreed: bool


class ForgetAsked(_Bare):
    """The learner wants everything recorded of them deleted."""

    kind = "forget-asked"


@dataclass(frozen=True, slots=True)
class Joined:
    """The learner came into the class: by browser, ssh or join."""

    kind: ClassVar[str] = "joined"
    door: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The class has lost the learner, for the reason given."""

    kind: ClassVar[str] = "gone"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event of an unknown kind, or a damaged one; still a sign of life."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


Known = (
    LabOpened
    | LabBegun
    | LabClosed
    | Alive
    | StepEntered
    | CheckTried
    | CheckPassed
    | HintShown
    | StepSolved
    | StepSkipped
    | QuizAnswered
    | NotesKept
    | LabFinished
    | StepReset
    | LabReset
    | EngineTrouble
    | EngineBack
    | HelpAsked
    | HelpSettled
    | MirrorAgreed
    | ForgetAsked
    | Joined
    | Gone
)
Happening = Known | Unknown

_KINDS: Mapping[str, type[Known]] = {kind.kind: kind for kind in Known.__args__}

PERISHABLE = frozenset(
    one.kind for one in (Alive, CheckTried, EngineTrouble, EngineBack, HelpAsked, HelpSettled, Joined, Gone)
)
"""The kinds that no progress depends on: a full record drops the oldest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a record. `time` in seconds since the epoch; `step` is "" for events of the lab as a whole."""

    learner: str
    workshop: str
    lab: str
    step: str
    time: float
    happening: Happening


def data_of(happening: Happening) -> dict[str, Any]:
    """The fields that a record stores beside the kind."""
    return dict(happening.data) if isinstance(happening, Unknown) else packed(happening)


def happening(kind: str, data: Mapping[str, Any]) -> Happening:
    """The happening that a record describes; `Unknown` if it cannot be understood."""
    try:
        return unpacked(_KINDS[kind], data)
    except (KeyError, ValueError):
        return Unknown(kind, MappingProxyType(dict(data)))


def shortened(text: str) -> str:
    """A text of the learner's machine, shortened to the length that a record keeps."""
    clean = harmless(text)
    return clean if len(clean) <= LONGEST_TEXT else f"{clean[: LONGEST_TEXT - 1]}…"


def cleaned(happening_: Happening) -> Happening:
    """An untrusted happening, its texts stripped of control characters and shortened."""
    data = data_of(happening_)
    if isinstance(happening_, Unknown):
        short = len(json.dumps(data)) <= LONGEST_UNKNOWN
        return happening_ if short else Unknown(happening_.kind)
    texts = {name: shortened(value) for name, value in data.items() if isinstance(value, str)}
    return happening(happening_.kind, {**data, **texts})
