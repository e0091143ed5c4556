"""The list of workshops and labs, and how far the learner has come."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Markdown, OptionList, Static
from textual.widgets.option_list import Option

from runner.lab.model.workshop import Lab, Workshop
from runner.learner.journal import Journal
from runner.learner.standing import WorkshopStanding
from runner.learner.state import LabState
from runner.learner.summary import duration
from runner.tui import marks
from runner.tui.messages import LabChosen, SandboxAsked
from runner.tui.record import LabRecord
from runner.tui.widgets.key_bar import KeyBar

_BAR = 20
_SANDBOX = Content.assemble(
    ("▢ ", "$accent"), ("Sandbox\n", "bold"), ("     no task · any profile", "$foreground 65%")
)
_ABOUT_SANDBOX = """\
### Sandbox

Containers under any profile, without a task:

- any profile of a workspace of its own, or of those that come with the program, or none
- any image that the labs use
- a terminal in each container, and a shell of your machine
- the editor, and what the profiles decide for a system call
"""


class PickerScreen(Screen[None]):
    """Shows every lab with its progress; the one the learner was in last is highlighted."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (12, "-short")]  # noqa: RUF012 (as above)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open", key_display="enter"),
        Binding("b", "sandbox", "Sandbox"),
        Binding("g", "ending", "How it went"),
        Binding("N", "notes", "Notes"),
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
        }
        #about { width: 1fr; height: 1fr; padding: 0 2; border-left: solid $border-blurred; }
        #about Markdown { padding: 0; background: transparent; }
        &.-narrow #about { display: none; }
        &.-tiny #heading, &.-tiny KeyBar { display: none; }
        &.-tiny #body { padding: 0; }
    }
    """

    def __init__(self, workshops: Sequence[Workshop], journal: Journal) -> None:
        super().__init__()
        self._journal = journal
        self._labs = [(workshop, lab) for workshop in workshops for lab in workshop.labs]
        self._workshops = workshops

    def compose(self) -> ComposeResult:
        yield Static(id="heading")
        with Horizontal(id="body"):
            yield OptionList()
            with VerticalScroll(id="about", can_focus=False):
                yield Markdown(open_links=False)
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_screen_resume(self) -> None:
        self._fill()

    def _fill(self) -> None:
        progress = self._journal.progress
        standings = [WorkshopStanding.of(workshop, progress) for workshop in self._workshops]
        self.query_one("#heading", Static).update(_heading(standings))
        listed = self.query_one(OptionList)
        place = listed.highlighted
        listed.clear_options()
        for number, (workshop, lab) in enumerate(self._labs, 1):
            state = progress.lab(workshop.id, lab.id)
            listed.add_option(Option(_line(number, lab, state)))
        listed.add_option(Option(_SANDBOX))
        keys = [(workshop.id, lab.id) for workshop, lab in self._labs]
        if progress.current in keys:
            place = keys.index(progress.current)
            if progress.lab(*keys[place]).finished and place + 1 < len(keys):
                place += 1
        listed.highlighted = place or 0

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.refresh_bindings()
        if event.option_index == len(self._labs):
            self.query_one(Markdown).update(_ABOUT_SANDBOX)
            return
        workshop, lab = self._labs[event.option_index]
        state = self._journal.lab(workshop.id, lab.id)
        self.query_one(Markdown).update(_about(lab, state))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_index == len(self._labs):
            self.action_sandbox()
        else:
            self.post_message(LabChosen(*self._labs[event.option_index]))

    @property
    def _highlit(self) -> tuple[Workshop, Lab] | None:
        """The lab that is highlighted, if one is."""
        place = self.query_one(OptionList).highlighted
        return self._labs[place] if place is not None and place < len(self._labs) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "notes":
            return self._highlit is not None
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Open what is highlighted."""
        self.query_one(OptionList).action_select()

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


def _heading(standings: Sequence[WorkshopStanding]) -> Content:
    if len(standings) == 1:
        workshop = standings[0].workshop
        summary = (" ".join(workshop.summary.split()), "$foreground 65%")
        title = Content.assemble((workshop.title, "$primary bold"), "\n", summary)
    else:
        title = Content.styled("Workshops", "$primary bold")
    named = len(standings) > 1
    return Content("\n").join([title, *(_progress(standing, named=named) for standing in standings)])


def _progress(standing: WorkshopStanding, *, named: bool) -> Content:
    """How far the learner has come in a workshop, as a bar and in numbers."""
    full = round(_BAR * standing.passed / standing.checks) if standing.checks else 0
    text = f" {standing.done} of {len(standing.labs)} labs · {standing.passed} of {standing.checks} checks"
    spent = f" · {duration(standing.seconds)}" if standing.seconds else ""
    title = f"  {standing.workshop.title}" if named else ""
    return Content.assemble(
        ("█" * full, "$success"), ("░" * (_BAR - full), "$foreground 65%"), text, spent, title
    )


def _line(number: int, lab: Lab, state: LabState) -> Content:
    checks = [check.id for check in lab.checks]
    passed = sum(check in state.passed for check in checks)
    mark = marks.LAB_DONE if state.finished else marks.LAB_BEGUN if state.step else marks.LAB_NEW
    status = "done" if state.finished else f"{passed}/{len(checks)} checks" if state.step else "new"
    return Content.assemble(
        (f"{mark.symbol} ", mark.colour),
        (f"{number}. {lab.title}\n", "bold"),
        (f"     {lab.minutes} min · {status}", "$foreground 65%"),
    )


def _about(lab: Lab, state: LabState) -> str:
    lines = [f"### {lab.title}", "", "You will learn to:", ""]
    lines += [f"- {objective}" for objective in lab.objectives]
    lines += ["", f"About {lab.minutes} minutes, {len(lab.steps)} steps:", ""]
    for step in lab.steps:
        done = all(check.id in state.of(step.id).passed for check in step.checks) and step.id in state.steps
        here = " ← you are here" if step.id == state.step and not state.finished else ""
        lines.append(
            f"{lab.steps.index(step) + 1}. {f'{marks.CHECK_PASSED.symbol} ' if done else ''}{step.title}{here}"
        )
    if state.notes.strip():
        first, *more = state.notes.strip().splitlines()
        lines += ["", f"Your notes: *{first[:80]}{' …' if more or len(first) > 80 else ''}*"]
    return "\n".join(lines)
