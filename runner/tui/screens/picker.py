"""The list of workshops and labs, with the learner's progress."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from runner.lab.model.workshop import Lab, Workshop
from runner.lab.read.prose import passages
from runner.language import tr
from runner.learner.progress.journal import Journal
from runner.learner.progress.standing import WorkshopStanding
from runner.tui.internals.looks import FittedScreen
from runner.tui.keys.commands import LessonCommands, ScreenCommands
from runner.tui.lab.record import LabRecord
from runner.tui.messages import LabChosen, SandboxAsked
from runner.tui.screens import picker_text
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.lesson.hanging import StackedContent
from runner.tui.widgets.lesson.reading import in_one

_FOLLOWED_EVERY = 2.0
"""Seconds between two looks at whether another program has changed the record."""


class PickerScreen(FittedScreen[None]):
    """Shows every lab with its progress; the one the learner was in last is highlighted."""

    COMMANDS: ClassVar = {ScreenCommands, LessonCommands}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (12, "-short")]  # noqa: RUF012 (as above)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o,space", "open", "Open", key_display="enter"),
        Binding("a", "about", "About"),
        Binding("b", "sandbox", "Sandbox"),
        Binding("g", "ending", "How it went"),
        Binding("p", "path", "Path"),
        Binding("escape", "all_labs", "All labs"),
        Binding("N", "notes", "Notes"),
        Binding("d", "glossary", "Glossary"),
        Binding("slash", "app.search", "Search", key_display="/"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
        Binding("q", "app.quit", "Quit"),
    ]
    DEFAULT_CSS = """
    PickerScreen {
        layout: vertical;
        #heading { padding: 1 3 0 3; height: auto; }
        #body { height: 1fr; padding: 1 1; }
        OptionList, OptionList:focus {
            width: 1fr;
            height: 1fr;
            padding: 0 1;
            border: none;
            background: $background;
            background-tint: $foreground 0%;
            & > .option-list--option { padding: 0 1; }
            & > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
            & > .option-list--option-hover { background: $surface; }
            & > .option-list--option-disabled { color: $foreground; }
        }
        #about { width: 1fr; height: 1fr; padding: 0 2; border-left: solid $border-blurred; }
        &.-narrow #about { display: none; }
        &.-tiny #heading, &.-tiny KeyBar { display: none; }
        &.-tiny #body { padding: 0; }
    }
    """

    def __init__(self, workshops: Sequence[Workshop], journal: Journal) -> None:
        super().__init__()
        self._journal = journal
        self._all = workshops
        self._workshops = workshops
        self._labs: list[tuple[Workshop, Lab] | None] = []
        """The listed entries: a lab, or None for a track's heading and the sandbox."""
        self._ways = [(workshop, path) for workshop in workshops for path in workshop.paths]
        self._way = -1
        self._standing: tuple[object, bool] | None = None
        """The lab that the learner was in last, and whether it was finished, when the labs were last listed."""

    def compose(self) -> ComposeResult:
        yield Static(id="heading")
        with Horizontal(id="body"):
            yield OptionList()
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="highlit")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.set_interval(_FOLLOWED_EVERY, self._follow)

    def on_screen_resume(self) -> None:
        self._journal.catch_up()
        self._fill()

    def _follow(self) -> None:
        """Show what the learner has done meanwhile in another window, or after a reload of the browser's page."""
        if self.is_current and self._journal.catch_up():
            self._fill(stay=True)

    def _fill(self, *, stay: bool = False) -> None:
        """List the labs; highlight the learner's next one, unless they `stay`: they were in no other lab since."""
        progress = self._journal.progress
        standings = [WorkshopStanding.of(workshop, progress) for workshop in self._workshops]
        self.query_one("#heading", Static).update(picker_text.heading(standings))
        listed = self.query_one(OptionList)
        place = listed.highlighted
        rows = [row for standing in standings for row in _rows(standing)]
        self._labs = [lab for lab, _ in rows] + [None]
        listed.set_options([option for _, option in rows] + [Option(picker_text.sandbox_line())])
        places = [number for number, lab in enumerate(self._labs) if lab is not None]
        keys = [(lab[0].id, lab[1].id) for lab in self._labs if lab is not None]
        finished = progress.current in keys and progress.lab(*progress.current).finished
        before, self._standing = self._standing, (progress.current, finished)
        stay = stay or before == self._standing
        if progress.current in keys and not (stay and place is not None):
            number = keys.index(progress.current)
            if finished and number + 1 < len(keys):
                number += 1
            place = places[number]
        listed.highlighted = place or next(iter(places), 0)
        # Not once the list has told of it: what is there is from before the lab that was left.
        self._describe(listed.highlighted)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.refresh_bindings()
        self._describe(event.option_index)

    def _describe(self, place: int) -> None:
        """Say beside the list what the entry at a place of it is about."""
        self.query_one("#highlit", Static).update(self._about(place))

    def _about(self, place: int) -> StackedContent:
        """What the entry at a place of the list is about, and how far the learner is."""
        chosen = self._labs[place]
        if chosen is None:
            text = tr(picker_text.ABOUT_SANDBOX)
        else:
            workshop, lab = chosen
            text = picker_text.about(workshop.track_of(lab), lab, self._journal.lab(workshop.id, lab.id))
        # Shown at once, and not as Textual's Markdown, which on a busy machine shows what was there for seconds.
        return in_one(passages(text))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        chosen = self._labs[event.option_index]
        if chosen is None:
            self.action_sandbox()
        else:
            self.post_message(LabChosen(*chosen))

    @property
    def _highlit(self) -> tuple[Workshop, Lab] | None:
        """The highlighted lab, if there is one."""
        place = self.query_one(OptionList).highlighted
        return self._labs[place] if place is not None and place < len(self._labs) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "notes":
            return self._highlit is not None
        if action == "path":
            return bool(self._ways)
        if action == "all_labs":
            return self._way >= 0
        if action == "glossary":
            return any(workshop.glossary for workshop in self._all)
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Open what is highlighted."""
        self.query_one(OptionList).action_select()

    def action_about(self) -> None:
        """Read all of what the highlighted lab is about."""
        from runner.tui.screens.about import AboutScreen

        place = self.query_one(OptionList).highlighted
        if place is not None:
            self.app.push_screen(AboutScreen(self._about(place)))

    def action_path(self) -> None:
        """Show the labs of the next path, such as a talk's; after the last one, all labs."""
        self._go_along(self._way + 1 if self._way + 1 < len(self._ways) else -1)

    def action_all_labs(self) -> None:
        """Show all labs again, after those of a path."""
        self._go_along(-1)

    def _go_along(self, way: int) -> None:
        self._way = way
        if way < 0:
            self._workshops = self._all
        else:
            workshop, path = self._ways[way]
            self._workshops = [workshop.along(path)]
        self.query_one(OptionList).highlighted = None
        self._fill()
        self.refresh_bindings()

    def action_glossary(self) -> None:
        """Look a term up."""
        from runner.tui.screens.glossary import GlossaryScreen

        self.app.push_screen(GlossaryScreen([term for workshop in self._all for term in workshop.glossary]))

    def action_sandbox(self) -> None:
        """Open the sandbox: containers under any profile, without a task."""
        self.post_message(SandboxAsked())

    def action_ending(self) -> None:
        """See what you did in all labs, and what comes next."""
        from runner.tui.screens.ending import EndingScreen

        workshop = self._highlit[0] if self._highlit is not None else self._workshops[0]
        self.app.push_screen(EndingScreen(WorkshopStanding.of(workshop, self._journal.progress)))

    def action_notes(self) -> None:
        """Read and write your notes on the highlighted lab."""
        if self._highlit is not None:
            from runner.tui.screens.notes import notes_on

            workshop, lab = self._highlit
            self.app.push_screen(notes_on(LabRecord(self._journal, workshop, lab)), lambda _: self._fill())


def _rows(standing: WorkshopStanding) -> Iterator[tuple[tuple[Workshop, Lab] | None, Option]]:
    """The lines of a workshop, each lab below its track."""
    number = 0
    for track, labs in standing.parts:
        if track is not None:
            yield None, Option(picker_text.track_line(track, labs), disabled=True)
        for lab in labs:
            number += 1
            yield (standing.workshop, lab.lab), Option(picker_text.lab_line(number, lab))
