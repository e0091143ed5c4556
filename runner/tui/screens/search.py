"""Search in all lessons."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from runner.lab.search import Found, Index
from runner.language import tr
from runner.tui.boxed import BoxedScreen
from runner.tui.messages import PlaceChosen
from runner.tui.widgets.lesson.hanging import HangingContent, StackedContent
from runner.tui.widgets.list_input import ListInput

if TYPE_CHECKING:
    from runner.lab.model.workshop import Workshop


class SearchScreen(BoxedScreen[None]):
    """Lists the steps and the terms that contain all typed words; Enter goes to the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close")]
    DEFAULT_CSS = """
    SearchScreen {
        #box { width: 100; height: 26; }
        Input { margin-bottom: 1; }
        OptionList { height: 1fr; border: none; padding: 0; background: $surface; }
    }
    """

    def __init__(self, index: Index) -> None:
        super().__init__()
        self._index = index
        self._found: list[tuple[Workshop, Found]] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = tr("Search all lessons")
            box.border_subtitle = tr("↑ ↓ choose · Enter goes there · Esc closes")
            yield ListInput(placeholder=tr("words"), compact=True)
            listed = OptionList()
            listed.can_focus = False
            yield listed

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._found = self._index.find(event.value.split())
        listed = self.query_one(OptionList)
        options = [Option(_line(found)) for _, found in self._found]
        if not options and (words := event.value.strip()):
            options = [Option(Content(tr("No lesson has {words}.", words=words)), disabled=True)]
        listed.set_options(options)
        listed.highlighted = 0 if self._found else None

    @on(ListInput.Moved)
    def _moved(self, event: ListInput.Moved) -> None:
        listed = self.query_one(OptionList)
        (listed.action_cursor_down if event.down else listed.action_cursor_up)()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self._go(place)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._go(event.option_index)

    def _go(self, number: int) -> None:
        workshop, found = self._found[number]
        self.app.post_message(PlaceChosen(workshop, found.place, found.words))
        self.dismiss()


def _line(found: Found) -> StackedContent:
    kind = "" if found.place.lab is not None else tr("glossary: ")
    title = Content.assemble((kind, "$foreground 65%"), (found.place.title, "bold"))
    excerpt = Content.styled(found.excerpt, "$foreground 65%")
    return StackedContent([HangingContent(Content(""), title), HangingContent(Content("  "), excerpt)])
