"""Editing a profile of the learner's workspace."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.markup import escape
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Select, Static, TextArea

from runner.errors import WorkshopError
from runner.tui.screens.question import Question
from runner.tui.widgets.json_area import JsonArea
from runner.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from runner.engine.api import EngineInfo
    from runner.stage.workspace import Workspace

LINT_SECONDS = 0.4
_MARKS = {
    "error": ("✗", "$error"),
    "high": ("!", "$error"),
    "medium": ("!", "$warning"),
    "info": ("i", "$foreground 65%"),
}


class EditorScreen(Screen[bool]):
    """Shows one profile at a time, what is wrong with it, and what it decides; True if a file was saved."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual declares it so)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save"),
        Binding("ctrl+o", "choose", "Another file"),
        Binding("f2", "ask", "Syscall"),
        Binding("escape", "leave", "Back to the lab"),
    ]
    DEFAULT_CSS = """
    EditorScreen {
        Select { height: 1; }
        #body { height: 1fr; layout: horizontal; }
        JsonArea, JsonArea:focus { width: 1.4fr; height: 1fr; border: none; padding: 0; background: $background; }
        #side { width: 1fr; height: 1fr; border-left: solid $border-blurred; padding: 0 1; }
        #remarks { height: 1fr; }
        #decision { height: auto; max-height: 50%; border-top: solid $border-blurred; }
        &.-narrow #body { layout: vertical; }
        &.-narrow JsonArea { width: 100%; height: 1.5fr; }
        &.-narrow #side { width: 100%; height: 1fr; border-left: none; border-top: solid $border-blurred; }
    }
    """

    def __init__(self, workspace: "Workspace", name: str, info: "EngineInfo") -> None:
        super().__init__()
        self._workspace = workspace
        self._info = info
        self._names = [
            str(path.relative_to(workspace.root))
            for path in sorted(workspace.root.rglob("*.json"))
            if path.is_file()
        ]
        self._file = name if name in self._names else next(iter(self._names), "profiles/mine.json")
        self._saved = ""
        self._saved_any = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        names = dict.fromkeys([*self._names, self._file])
        yield Select(((name, name) for name in names), value=self._file, allow_blank=False, compact=True)
        with Horizontal(id="body"):
            yield JsonArea("", soft_wrap=False, tab_behavior="focus", show_line_numbers=True)
            with Vertical(id="side"):
                with VerticalScroll(id="remarks", can_focus=False):
                    yield Static(id="findings")
                with VerticalScroll(id="decision", can_focus=False):
                    yield Input(
                        placeholder="what would it decide for … (chmod, socket AF_INET)", compact=True
                    )
                    yield Static(id="answer")
        yield KeyBar()

    def on_mount(self) -> None:
        self._open(self._file)

    def _open(self, name: str) -> None:
        try:
            text = self._workspace.path(name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        self._file, self._saved = name, text
        area = self.query_one(JsonArea)
        area.text = text
        area.focus()

    @property
    def _changed(self) -> bool:
        return self.query_one(JsonArea).text != self._saved

    @on(Select.Changed)
    def _chosen(self, event: Select.Changed) -> None:
        name = str(event.value)
        if name != self._file:
            self._part(lambda: self._open(name))

    @on(TextArea.Changed)
    def _edited(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(LINT_SECONDS, self._look, name="lint")

    @work(exclusive=True, group="lint")
    async def _look(self) -> None:
        text, question = self.query_one(JsonArea).text, self.query_one(Input).value.split()
        # Not a worker of its own: waiting for one that is cancelled with us would end the app.
        findings, answer = await asyncio.to_thread(_look_at, text, question, self._info, self._file)
        if text == self.query_one(JsonArea).text:
            self.query_one("#findings", Static).update(Content.from_markup(findings))
            self.query_one("#answer", Static).update(Content.from_markup(answer))

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        event.stop()
        self._look()

    def action_ask(self) -> None:
        """Ask what the profile would decide for a system call."""
        self.query_one(Input).focus()

    def action_choose(self) -> None:
        """Open another file of the workspace."""
        self.query_one(Select).focus()
        self.query_one(Select).action_show_overlay()

    def action_save(self) -> None:
        """Write the file into the workspace."""
        text = self.query_one(JsonArea).text
        try:
            self._workspace.write(self._file, text)
        except WorkshopError as error:
            self.notify(f"{error}\n{error.remedy}", severity="error", markup=False)
            return
        self._saved, self._saved_any = text, True
        self.notify(f"Saved {self._file}", timeout=3, markup=False)

    def action_leave(self) -> None:
        """Go back to the lab."""
        self._part(lambda: self.dismiss(self._saved_any))

    def _part(self, go_on: Callable[[], object]) -> None:
        """Go on without the file that is shown, once the learner has said what to do about their changes."""
        if not self._changed:
            go_on()
            return

        def answered(save: bool | None) -> None:
            if save:
                self.action_save()
            if self._changed and save:
                # It could not be saved, which has been said.
                self.query_one(Select).value = self._file
            else:
                go_on()

        text = f"{self._file} has changes that are not saved."
        self.app.push_screen(Question("Save your changes?", text, yes="Save", no="Throw away"), answered)


def _look_at(text: str, call: list[str], info: "EngineInfo", name: str) -> tuple[str, str]:
    from runner.learner.profile_answers import explained, remarks

    lines = []
    for remark in remarks(text, info):
        mark, colour = _MARKS[remark.severity.value]
        place = f"line {remark.line}  " if remark.line else ""
        lines.append(f"[{colour}]{mark}[/] [$foreground 65%]{place}[/]{escape(remark.message)}")
    findings = "\n".join(lines) or "[$success]✓[/] nothing to say against it"
    if not call:
        return findings, ""
    try:
        answer = "\n".join(escape(line) for line in explained(text, call, info, file=name))
    except WorkshopError as error:
        answer = f"[$error]{escape(str(error))}[/]"
    return findings, answer
