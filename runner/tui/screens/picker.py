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
from runner.learner.state import LabState
from runner.tui.messages import LabChosen
from runner.tui.widgets.key_bar import KeyBar


class PickerScreen(Screen[None]):
    """Shows every lab with its progress; the one the learner was in last is highlighted."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (12, "-short")]  # noqa: RUF012 (as above)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open", key_display="enter"),
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
        yield Static(_heading(self._workshops), id="heading")
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
        listed = self.query_one(OptionList)
        place = listed.highlighted
        listed.clear_options()
        for number, (workshop, lab) in enumerate(self._labs, 1):
            state = progress.lab(workshop.id, lab.id)
            listed.add_option(Option(_line(number, lab, state)))
        keys = [(workshop.id, lab.id) for workshop, lab in self._labs]
        if progress.current in keys:
            place = keys.index(progress.current)
            if progress.lab(*keys[place]).finished and place + 1 < len(keys):
                place += 1
        listed.highlighted = place or 0

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        workshop, lab = self._labs[event.option_index]
        state = self._journal.lab(workshop.id, lab.id)
        self.query_one(Markdown).update(_about(lab, state))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.post_message(LabChosen(*self._labs[event.option_index]))

    def action_open(self) -> None:
        """Open the highlighted lab."""
        self.query_one(OptionList).action_select()


def _heading(workshops: Sequence[Workshop]) -> Content:
    if len(workshops) == 1:
        workshop = workshops[0]
        return Content.assemble(
            (workshop.title, "$primary bold"), "\n", (" ".join(workshop.summary.split()), "$foreground 65%")
        )
    return Content.styled("Workshops", "$primary bold")


def _line(number: int, lab: Lab, state: LabState) -> Content:
    checks = [check.id for check in lab.checks]
    passed = sum(check in state.passed for check in checks)
    mark, colour = (
        ("✓", "$success") if state.finished else ("◐", "$accent") if state.step else ("○", "$foreground 65%")
    )
    status = "done" if state.finished else f"{passed}/{len(checks)} checks" if state.step else "new"
    return Content.assemble(
        (f"{mark} ", colour),
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
        lines.append(f"{lab.steps.index(step) + 1}. {'✓ ' if done else ''}{step.title}{here}")
    return "\n".join(lines)
