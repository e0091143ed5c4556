"""The profiles' decisions on a system call."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
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

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("up", "read('up')", "Scroll back", show=False),
        Binding("down", "read('down')", "Scroll forward", show=False),
        Binding("pageup", "read('page_up')", "Read back", show=False),
        Binding("pagedown", "read('page_down')", "Read on", show=False),
    ]
    DEFAULT_CSS = """
    ExplainScreen {
        #box { padding: 1 2; }
        VerticalScroll { margin-top: 1; height: auto; max-height: 60vh; }
        #answer { height: auto; }
    }
    """

    def __init__(self, folder: Path, info: "EngineInfo") -> None:
        super().__init__()
        self._folder = folder
        self._info = info

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = tr("What do the profiles decide?")
            box.border_subtitle = tr("Enter asks · ↑ ↓ PgUp PgDn scroll · Esc closes")
            yield Input(
                placeholder=tr("a system call: chmod, or with arguments: socket AF_INET"), compact=True
            )
            with VerticalScroll(can_focus=False):
                yield Static(id="answer")

    def action_read(self, where: str) -> None:
        """Scroll the answer, whatever has the keys."""
        answer = self.query_one(VerticalScroll)
        scroll = {
            "up": answer.scroll_up,
            "down": answer.scroll_down,
            "page_up": answer.scroll_page_up,
            "page_down": answer.scroll_page_down,
        }
        scroll[where](animate=False)

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        event.stop()
        if call := event.value.split():
            self._answer(call)

    @work(exclusive=True)
    async def _answer(self, call: list[str]) -> None:
        answer = await in_thread(lambda: _answer_to(self._folder, call, self._info))
        self.query_one("#answer", Static).update(answer)
        self.query_one(VerticalScroll).scroll_home(animate=False)


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
