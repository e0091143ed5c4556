"""What is said of the profile in the editor."""

from typing import TYPE_CHECKING

from textual.content import Content

from runner.errors import WorkshopError, printable, told
from runner.language import tr
from runner.tui import marks

if TYPE_CHECKING:
    from runner.engine.api import EngineInfo

_MARKS = {
    "error": marks.FINDING_ERROR,
    "high": marks.FINDING_HIGH,
    "medium": marks.FINDING_MEDIUM,
    "info": marks.FINDING_INFO,
}


def findings_and_answer(text: str, call: list[str], info: "EngineInfo", name: str) -> tuple[Content, Content]:
    """The findings on a profile's text, and what it decides for a call; "" for none."""
    try:
        return _findings(text, info), _answer(text, call, info, name)
    except (WorkshopError, OSError) as error:
        return Content.styled(str(told(error)), "$error"), Content()


def saved_as(name: str, text: str) -> Content:
    """That a text was saved in a file, and where it cannot be read as JSON: the remarks say what is wrong there."""
    from runner.learner.profile_answers import unreadable_line

    line = unreadable_line(text)
    if line is None:
        return Content(tr("Saved {printable}", printable=printable(name)))
    return Content.styled(tr("Saved, but it cannot be read as JSON: line {line}", line=line), "$text-warning")


def _findings(text: str, info: "EngineInfo") -> Content:
    from runner.learner.profile_answers import remarks

    lines = []
    for remark in remarks(text, info):
        mark, colour, _ = _MARKS[remark.severity.value]
        place = tr("line {line}  ", line=remark.line) if remark.line else ""
        lines.append(Content.assemble((f"{mark} ", colour), (place, "$foreground 65%"), remark.message))
    return Content("\n").join(lines) or Content.assemble(
        (marks.FINDING_NONE.symbol, "$success"), tr(" nothing to say against it")
    )


def _answer(text: str, call: list[str], info: "EngineInfo", name: str) -> Content:
    from runner.learner.profile_answers import explained

    if not call:
        return Content()
    try:
        return Content("\n".join(explained(text, call, info, file=name)))
    except WorkshopError as error:
        return Content.styled(str(error), "$error")
