"""Editing a profile of the learner's workspace."""

from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Select, Static, TextArea

from runner.errors import WorkshopError, printable, told
from runner.files import files_below
from runner.language import tr
from runner.paths import why
from runner.stage.drafts import Draft
from runner.tui.internals.looks import FittedScreen
from runner.tui.jobs import in_thread
from runner.tui.screens.dialog import Answer, Dialog
from runner.tui.screens.editor_text import findings_and_answer, saved_as
from runner.tui.widgets.json_area import JsonArea
from runner.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from runner.engine.api import EngineInfo
    from runner.stage.persistent import PersistentWorkspace

LINT_SECONDS = 0.4
DRAFT_SECONDS = 0.5
"""Seconds without typing before a draft is saved, and the most by which a draft may lag behind."""


class _Unsaved(Enum):
    """The choices for unsaved changes."""

    SAVE = auto()
    KEEP = auto()
    DROP = auto()


class EditorScreen(FittedScreen[frozenset[str]]):
    """Shows one profile at a time, its faults, and its decisions; the result is the set of saved files.

    Typed text is kept as a draft until it is saved or discarded, however the editor is left.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual declares it so)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save"),
        Binding("ctrl+o", "choose", "Another file"),
        Binding("f2", "ask", "Syscall"),
        Binding("escape", "back", "Back to the text"),
        Binding("escape", "leave", "Back to the lab"),
    ]
    DEFAULT_CSS = """
    EditorScreen {
        #head { height: 1; }
        Select { height: 1; width: 1fr; }
        #state { width: auto; max-width: 60%; padding: 0 1; color: $text-success; }
        #body { height: 1fr; layout: horizontal; }
        JsonArea, JsonArea:focus { width: 1.4fr; height: 1fr; border: none; padding: 0; background: $background; }
        #side { width: 1fr; height: 1fr; border-left: solid $border-blurred; padding: 0 1; }
        #remarks { height: 1fr; }
        #remarks:focus, #decision:focus { background: $surface; }
        #decision { height: auto; max-height: 50%; border-top: solid $border-blurred; }
        &.-narrow #body { layout: vertical; }
        &.-narrow JsonArea { width: 100%; height: 1.5fr; }
        &.-narrow #side { width: 100%; height: 1fr; border-left: none; border-top: solid $border-blurred; }
    }
    """

    def __init__(
        self,
        workspace: "PersistentWorkspace",
        name: str,
        info: "EngineInfo",
        *,
        change: Callable[[str], str] | None = None,
        line: Callable[[str], int] | None = None,
    ) -> None:
        """Open the file `name`, or the first one if that is "".

        `change` makes a proposal of its text, and `line` finds the line to begin with. Both may raise a WorkshopError,
        which is shown.
        """
        super().__init__()
        self._change = change
        self._line = line
        self._workspace = workspace
        self._info = info
        files = [str(path.relative_to(workspace.root)) for path in files_below(workspace.root, ".json")]
        self._names = sorted({*files, *workspace.drafts.names})
        self._file = name or next(iter(self._names), "profiles/mine.json")
        self._saved = ""
        self._written: frozenset[str] = frozenset()
        self._pause: Timer | None = None
        self._drafting: Timer | None = None
        self._drafted = self._cannot_draft = False
        # At hand also while the screen goes, since the last keys are written down then.
        self._area = JsonArea("", soft_wrap=False, tab_behavior="focus", show_line_numbers=True)

    def compose(self) -> ComposeResult:
        names = dict.fromkeys([*self._names, self._file])
        shown = ((Content(printable(name)), name) for name in names)
        with Horizontal(id="head"):
            yield Select(shown, value=self._file, allow_blank=False, compact=True)
            yield Static(id="state", markup=False)
        with Horizontal(id="body"):
            yield self._area
            with Vertical(id="side"):
                # Both take the keys, for more text than there is room for.
                with VerticalScroll(id="remarks"):
                    yield Static(id="findings")
                with VerticalScroll(id="decision"):
                    yield Input(placeholder=tr("try a call: chmod, socket AF_INET"), compact=True)
                    yield Static(id="answer")
        yield KeyBar()

    def on_mount(self) -> None:
        self._open(self._file)
        self.watch(self.query_one(Select), "expanded", self._listed, init=False)

    def _listed(self, listed: bool) -> None:
        """Once the list of files is closed, also without another choice, one types into the file."""
        if not listed:
            self.call_after_refresh(self._area.focus)

    def _open(self, name: str) -> None:
        text = state = ""
        try:
            text = self._workspace.path(name).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            state = tr("no such file yet")
        except (WorkshopError, OSError) as error:
            self._say(told(error))
        self._tell(state)
        self._area.text = text
        # Not as it was read: the area gives all lines the same end.
        self._file, self._saved, self._drafted = name, self._area.text, False
        self._area.focus()
        draft = self._workspace.drafts.find(name)
        if draft is not None and draft.text != self._saved:
            self._offer(draft)
        else:
            self._propose()

    def _propose(self) -> None:
        """Apply the proposal that the editor was opened for, once."""
        change, self._change = self._change, None
        line, self._line = self._line, None
        try:
            if change is not None:
                # As typed text, so that undo shows the file.
                self._area.replace(change(self._area.text), (0, 0), self._area.document.end)
            if line is not None:
                self._area.move_cursor((max(line(self._area.text) - 1, 0), 0), center=True)
        except WorkshopError as error:
            self._say(error)

    def _offer(self, draft: Draft) -> None:
        """Ask whether to go on with a draft of the open file."""

        def answered(take: bool | None) -> None:
            if take is None:
                self.dismiss(self._written)
                return
            if take:
                # As typed text, so that undo shows the file.
                self._area.replace(draft.text, (0, 0), self._area.document.end)
                self._drafted = True
            else:
                self._forget_draft()
            self._propose()

        moved_on = tr(" The file has changed since that was begun.") if draft.base != self._saved else ""
        text = tr(
            "You changed {printable} and left before it was saved; what you wrote is kept.{moved_on}",
            printable=printable(draft.name),
            moved_on=moved_on,
        )
        answers = [Answer("d", tr("Go on with the draft"), True), Answer("t", tr("Throw it away"), False)]
        way_out = tr("Esc goes back to the lab and keeps both")
        dialog = Dialog[bool | None](
            tr("There is a draft"), text, answers, escape=None, way_out=way_out, unasked=True
        )
        self.app.push_screen(dialog, answered)

    @property
    def _changed(self) -> bool:
        return self._area.text != self._saved

    @on(Select.Changed)
    def _chosen(self, event: Select.Changed) -> None:
        name = str(event.value)
        if name != self._file:
            self._part(lambda: self._open(name))

    @on(TextArea.Changed)
    def _edited(self) -> None:
        if self._changed:
            self._tell("")
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(LINT_SECONDS, self._look, name="lint")
        if self._drafting is None:
            self._drafting = self.set_timer(DRAFT_SECONDS, self._keep_draft, name="draft")

    def _keep_draft(self) -> None:
        """Save the unsaved text as a draft; at once, since the next moment may be too late."""
        self._drafting = None
        if not self._changed:
            if self._drafted:
                self._forget_draft()
            return
        try:
            self._workspace.drafts.keep(Draft(self._file, self._area.text, self._saved))
            self._drafted = True
        except OSError as error:
            if not self._cannot_draft:
                self._cannot_draft = True
                self.notify(
                    tr(
                        "What you type is not kept as a draft: {strerror}. Save it with Ctrl+S.",
                        strerror=tr(why(error)),
                    ),
                    severity="warning",
                    markup=False,
                )

    def _forget_draft(self) -> None:
        if self._drafting is not None:
            self._drafting.stop()
            self._drafting = None
        with suppress(OSError):
            self._workspace.drafts.drop(self._file)

    def on_unmount(self) -> None:
        # The app may end while the last keys wait for their draft.
        self._keep_draft()

    @work(exclusive=True, group="lint")
    async def _look(self) -> None:
        text, question = self._area.text, self.query_one(Input).value.split()
        findings, answer = await in_thread(
            lambda: findings_and_answer(text, question, self._info, self._file)
        )
        if text == self._area.text:
            self.query_one("#findings", Static).update(findings)
            self.query_one("#answer", Static).update(answer)

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
        text = self._area.text
        try:
            self._workspace.write(self._file, text)
        except WorkshopError as error:
            self._say(error)
            return
        self._saved, self._written = text, self._written | {self._file}
        self._forget_draft()
        self._tell(saved_as(self._file, text))

    def _tell(self, state: Content | str) -> None:
        """Show the file's state beside its name: over the findings it would hide them."""
        self.query_one("#state", Static).update(state)

    def _say(self, error: WorkshopError) -> None:
        self.notify(f"{error}\n{error.remedy}".strip(), severity="error", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc leads from the question on a call to the text, and from there to the lab."""
        if action in {"back", "leave"} and (action == "back") != isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Go from the question on a call back to the text."""
        self._area.focus()

    def action_leave(self) -> None:
        """Go back to the lab."""
        self._part(lambda: self.dismiss(self._written))

    def _part(self, go_on: Callable[[], object]) -> None:
        """Leave the open file, once the learner has decided about their changes."""
        if not self._changed:
            go_on()
            return

        def answered(wish: _Unsaved | None) -> None:
            match wish:
                case _Unsaved.SAVE:
                    self.action_save()
                case _Unsaved.KEEP:
                    self._keep_draft()
                case _Unsaved.DROP:
                    self._area.text = self._saved
                    self._forget_draft()
            if wish is None or (wish is _Unsaved.SAVE and self._changed):
                # They go on here, or it could not be saved, which has been reported.
                self.query_one(Select).value = self._file
                self._area.focus()
            else:
                go_on()

        answers = [
            Answer("y", tr("Save"), _Unsaved.SAVE),
            Answer("d", tr("Keep a draft"), _Unsaved.KEEP),
            Answer("t", tr("Throw away"), _Unsaved.DROP),
        ]
        text = tr("{printable} has changes that are not saved.", printable=printable(self._file))
        dialog = Dialog[_Unsaved | None](
            tr("Save your changes?"), text, answers, escape=None, way_out=tr("Esc goes on editing")
        )
        self.app.push_screen(dialog, answered)
