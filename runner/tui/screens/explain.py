"""The profiles' decisions on a system call."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from runner.errors import WorkshopError, told
from runner.language import tr
from runner.tui.boxed import BoxedScreen
from runner.tui.jobs import in_thread

if TYPE_CHECKING:
    from runner.engine.api import EngineInfo


class ExplainScreen(BoxedScreen[None]):
    """Asks for a call, such as `chmod` or `socket AF_INET`, and compares the profiles."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close")]
    DEFAULT_CSS = """
    ExplainScreen {
        #box { padding: 1 2; }
        #answer { margin-top: 1; height: auto; }
    }
    """

    def __init__(self, folder: Path, info: "EngineInfo") -> None:
        super().__init__()
        self._folder = folder
        self._info = info

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = tr("What do the profiles decide?")
            box.border_subtitle = tr("Enter asks · Esc closes")
            yield Input(
                placeholder=tr("a system call: chmod, or with arguments: socket AF_INET"), compact=True
            )
            yield Static(id="answer")

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        event.stop()
        if call := event.value.split():
            self._answer(call)

    @work(exclusive=True)
    async def _answer(self, call: list[str]) -> None:
        answer = await in_thread(lambda: _answer_to(self._folder, call, self._info))
        self.query_one("#answer", Static).update(answer)


def _answer_to(folder: Path, call: list[str], info: "EngineInfo") -> Content:
    from runner.learner.profile_answers import compared

    try:
        rows = compared(folder, call, info)
    except (WorkshopError, OSError) as error:
        problem = told(error)
        return Content.assemble((str(problem), "$error"), "\n", (problem.remedy, "$foreground 65%"))
    if not rows:
        return Content(tr("There is no profile in the workspace."))
    width = max(len(name) for name, _ in rows)
    lines = [
        Content.assemble(
            (" ".join(call), "bold"), (tr(" in a container with all capabilities\n"), "$foreground 65%")
        )
    ]
    for name, action in rows:
        colour = "$success" if action in {"allow", "log"} else "$error"
        lines.append(Content.assemble(f"{name.ljust(width)}  ", (action, colour)))
    return Content("\n").join(lines)
