"""The app, its keys, and the meanings of its marks."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static, Tabs

from runner.language import tr
from runner.tui import marks
from runner.tui.boxed import BoxedScreen
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.keys import legend
from runner.tui.keys.legend import KeyRow
from runner.tui.keys.names import key_name
from runner.tui.screens.about import AboutScreen
from runner.tui.screens.advice import AdviceScreen
from runner.tui.screens.dialog import Dialog
from runner.tui.screens.editor import EditorScreen
from runner.tui.screens.ending import EndingScreen
from runner.tui.screens.explain import ExplainScreen
from runner.tui.screens.glossary import GlossaryScreen
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.notes import NotesScreen
from runner.tui.screens.picker import PickerScreen
from runner.tui.screens.sandbox import SandboxScreen
from runner.tui.screens.search import SearchScreen
from runner.tui.screens.summary import SummaryScreen
from runner.tui.screens.typing_line import TypingLine
from runner.tui.screens.why import WhyScreen
from runner.tui.widgets.json_area import JsonArea
from runner.tui.widgets.launcher import Launcher
from runner.tui.widgets.lesson.checks import Checks
from runner.tui.widgets.lesson.command_row import CommandRow
from runner.tui.widgets.lesson.hanging import HangingContent, StackedContent
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.lesson.quiz import Choice, Quiz
from runner.tui.widgets.list_input import ListInput
from runner.tui.widgets.save_line import SaveLine
from runner.tui.widgets.terminal.copy_mode import COPY_KEYS, CopyModeTerminal
from runner.tui.widgets.terminal.shell import ShellTerminal
from runner.tui.widgets.terminal.tabs import Terminals

if TYPE_CHECKING:
    from textual.visual import Visual

_INTRODUCTION = (
    "Read the lesson, at the left or above; work in the terminal, at the right or below. What the lesson "
    "shows can be done by a key, by a click, or by typing "
    "it yourself: the checks look at containers and files, and at what the terminals showed. Where a terminal has "
    "the keys, it has all of them: "
    "{leave} takes them back."
)
_OF_THE_SANDBOX = (
    "Choose a profile, an image and a privilege, at the left or above; work in the terminals of the containers, at the "
    "right or below. Where a terminal has the keys, it has all of them: {leave} takes them back."
)


class HelpScreen(BoxedScreen[None]):
    """A page of help over the current screen, whose keys come first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", "Close"),
        Binding("m", "marks", "Marks"),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        #box { padding: 1 2; }
        .heading { color: $primary; text-style: bold; margin-top: 1; }
    }
    """

    def __init__(
        self, shown: type[Screen[object]], pages: Sequence[tuple[type[Screen[None]], str]] = ()
    ) -> None:
        """`shown` is the screen that the learner comes from; `pages` are further ones, each with its heading."""
        super().__init__()
        self._shown = shown
        self._pages = tuple(pages)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = tr("Help")
            box.border_subtitle = tr("↑ ↓ PgUp PgDn scroll · m shows the marks · Esc closes")
            introduction = _OF_THE_SANDBOX if self._shown is SandboxScreen else _INTRODUCTION
            yield Static(tr(introduction, leave=key_name(KeyTaker.LEAVE_KEY)), markup=False)
            sections = [*self._sections()]
            # The current screen comes first, the rest in the order of a learner's way.
            for _, title, rows in sorted(sections, key=lambda section: section[0] is not self._shown):
                yield Static(title, classes="heading", markup=False)
                yield Static(_listed(rows))
            yield Static(tr("Marks"), classes="heading", id="marks", markup=False)
            yield Static(_legend())

    def action_marks(self) -> None:
        """Go to the marks and what they mean."""
        self.query_one(VerticalScroll).scroll_to_widget(self.query_one("#marks"), top=True, animate=False)

    def _sections(self) -> Iterator[tuple[type[object] | None, str, list[KeyRow]]]:
        keys_of = partial(legend.keys_of, app=type(self.app))
        copying = legend.rows(Binding.make_bindings(COPY_KEYS), CopyModeTerminal)
        yield LabScreen, tr("In a lab"), keys_of(LabScreen)
        yield (
            None,
            tr("With the lesson"),
            [*keys_of(Lesson), *keys_of(CommandRow), *legend.all_keys_of(Button)],
        )
        yield None, tr("With the sandbox's choices"), keys_of(Launcher)
        yield None, tr("With a question of the lesson"), [*keys_of(Choice), *keys_of(Quiz)]
        yield None, tr("With the checks"), keys_of(Checks)
        yield AdviceScreen, tr("When reading about the checks"), keys_of(AdviceScreen)
        yield TypingLine, tr("When asked whether you type a command"), keys_of(TypingLine)
        yield None, tr("In a terminal"), keys_of(ShellTerminal)
        yield None, tr("In the row of terminals"), [*keys_of(Terminals), *legend.all_keys_of(Tabs)]
        yield None, tr("While copying from a terminal"), copying
        yield PickerScreen, tr("In the list of labs"), keys_of(PickerScreen)
        yield AboutScreen, tr("When reading about a lab"), keys_of(AboutScreen)
        yield SandboxScreen, tr("In the sandbox"), keys_of(SandboxScreen)
        yield EditorScreen, tr("In the editor"), keys_of(EditorScreen)
        yield WhyScreen, tr("When told why something failed"), keys_of(WhyScreen)
        yield ExplainScreen, tr("When asking for a system call"), keys_of(ExplainScreen)
        yield (
            GlossaryScreen,
            tr("In the glossary"),
            [*keys_of(GlossaryScreen), *keys_of(ListInput)],
        )
        yield (
            SearchScreen,
            tr("When searching the lessons"),
            [*keys_of(SearchScreen), *keys_of(ListInput)],
        )
        yield SummaryScreen, tr("At the end of a lab"), keys_of(SummaryScreen)
        yield EndingScreen, tr("At the end of a workshop"), keys_of(EndingScreen)
        for page, title in self._pages:
            yield page, title, keys_of(page)
        yield NotesScreen, tr("In the notes"), keys_of(NotesScreen)
        yield None, tr("Where a file is named"), keys_of(SaveLine)
        yield Dialog, tr("In a dialog"), keys_of(Dialog)
        yield HelpScreen, tr("In this help"), keys_of(HelpScreen)
        yield None, tr("Everywhere"), [*legend.keys_of_app(self.app), *legend.own_keys_of(Screen)]
        yield None, tr("In what scrolls"), legend.all_keys_of(VerticalScroll)
        yield None, tr("In a list"), legend.all_keys_of(OptionList)
        yield None, tr("In a text"), legend.all_keys_of(JsonArea)
        yield None, tr("In a line of text"), legend.own_keys_of(Input)


def _listed(rows: Sequence[KeyRow]) -> StackedContent:
    width = min(14, max((len(row.keys) for row in rows), default=0))
    return StackedContent(
        [
            HangingContent(
                Content.assemble((f"{row.keys:>{width}}", "$footer-key-foreground bold"), "  "),
                Content(row.does),
            )
            for row in rows
        ]
    )


def _legend() -> StackedContent:
    parts: list[Visual] = []
    for what, shown in marks.LEGEND:
        parts.append(Content(f"{tr(what)} …"))
        parts += [
            HangingContent(Content.styled(f"{mark.symbol:>4}  ", mark.colour), Content(tr(mark.meaning)))
            for mark in shown
        ]
    return StackedContent(parts)
