"""The workshop's terms and their meanings."""

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from runner.lab.model.glossary import Term
from runner.language import tr
from runner.tui.boxed import BoxedScreen
from runner.tui.widgets.lesson.hanging import HangingContent
from runner.tui.widgets.lesson.reading import reading
from runner.tui.widgets.list_input import ListInput


class GlossaryScreen(BoxedScreen[None]):
    """Shows the terms, those of the step first, and explains the highlighted one; typing filters them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter", "dismiss", "Close")]
    DEFAULT_CSS = """
    GlossaryScreen {
        #box { height: 24; }
        Input { margin-bottom: 1; }
        OptionList { width: 26; height: 1fr; border: none; padding: 0; background: $surface; }
        #meaning { width: 1fr; height: 1fr; padding: 0 1; border-left: solid $border-blurred; }
        #meaning .apart { margin-bottom: 1; }
    }
    """

    def __init__(self, terms: Sequence[Term], *, here: Collection[str] = (), first: str = "") -> None:
        """`here` are the ids of the terms that the step uses; `first` is the one to begin with."""
        super().__init__()
        self._here = here
        self._terms = sorted(terms, key=lambda term: (term.id not in here, term.title.casefold()))
        self._first = first
        self._listed = self._terms

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = tr("Glossary")
            box.border_subtitle = tr("type to narrow down · ↑ ↓ choose · Esc closes")
            yield ListInput(placeholder=tr("a term"), compact=True)
            with Horizontal():
                listed = OptionList()
                listed.can_focus = False
                yield listed
                yield VerticalScroll(id="meaning", can_focus=False)

    def on_mount(self) -> None:
        self._show(self._terms)
        self.action_define(self._first)

    def _show(self, terms: Sequence[Term]) -> None:
        self._listed = list(terms)
        listed = self.query_one(OptionList)
        listed.set_options(
            Option(
                HangingContent(
                    Content.styled("• " if term.id in self._here else "  ", "$accent"), Content(term.title)
                )
            )
            for term in terms
        )
        listed.highlighted = 0 if terms else None

    @on(Input.Changed)
    async def _narrowed(self, event: Input.Changed) -> None:
        event.stop()
        typed = event.value.strip()
        wanted = typed.casefold()
        self._show([term for term in self._terms if any(wanted in form.casefold() for form in term.forms)])
        if not self._listed:
            meaning = self.query_one("#meaning")
            await meaning.remove_children()
            await meaning.mount(Static(Content(tr("No term has {words}.", words=typed))))

    @on(ListInput.Moved)
    def _moved(self, event: ListInput.Moved) -> None:
        listed = self.query_one(OptionList)
        (listed.action_cursor_down if event.down else listed.action_cursor_up)()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.dismiss()

    @on(OptionList.OptionHighlighted)
    async def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        # A highlight from before the list was filtered means nothing.
        if event.option_index != event.option_list.highlighted or event.option_index >= len(self._listed):
            return
        term = self._listed[event.option_index]
        meaning = self.query_one("#meaning")
        await meaning.remove_children()
        await meaning.mount_all(reading(term.prose.passages))

    def action_define(self, term: str) -> None:
        """Go to a term."""
        # All are listed again if what was typed leaves it out.
        if term not in [one.id for one in self._listed] and term in [one.id for one in self._terms]:
            line = self.query_one(ListInput)
            with line.prevent(Input.Changed):
                line.value = ""
            self._show(self._terms)
        places = [number for number, one in enumerate(self._listed) if one.id == term]
        if places:
            self.query_one(OptionList).highlighted = places[0]
