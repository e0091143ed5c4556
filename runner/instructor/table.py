"""Learners and steps, at a glance."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from runner.instructor.marks import (
    NEEDS,
    STEP_BEGUN,
    STEP_DONE,
    STEP_FAILING,
    STEP_HELPED,
    STEP_HERE,
    STEP_NEW,
    step_mark,
)
from runner.language import tr
from runner.teaching.plan import PlannedStep
from runner.teaching.standing import Seat, Standing
from runner.tui.marks import Mark

_GAP = "  "
_HEADINGS = ("needs", "learner", "step", "min", "fails", "why", "labs")
"""The headings of the columns; the last is over the steps, with their labs' numbers."""
_WIDTHS = (8, 12, 4, 3, 2)
"""The smallest widths of the columns before the reason, in cells."""
_NARROWEST = 12
"""The smallest width of the reason for a need, in cells; steps that leave less are shown by lab."""

Lab = list[PlannedStep]


class ClassTable(Vertical):
    """A row for each learner, sorted by need of help.

    A learner to whom the instructor has moved stays chosen; until then, and back at the top, the first one is.
    """

    DEFAULT_CSS = """
    ClassTable {
        height: 1fr;
        #columns { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; }
        OptionList {
            height: 1fr; border: none; padding: 0; background: $background; scrollbar-size-vertical: 1;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        OptionList:focus { border: none; background-tint: $background 0%; }
    }
    """

    class Chosen(Message):
        """The choice has moved to another learner."""

    class Opened(Message):
        """The instructor asks for details of the chosen learner."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[tuple[str, Content]] = []
        self.chosen = ""
        """The name of the chosen learner; "" for none."""

    def compose(self) -> ComposeResult:
        yield Static(id="columns")
        yield OptionList()

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def show(self, standing: Standing) -> None:
        """Show the class as it stands."""
        columns = _Columns(standing, (self.size.width or self.app.size.width) - 3)
        self.query_one("#columns", Static).update(columns.head)
        rows = [(seat.name, columns.row(seat)) for seat in standing.seats]
        if [name for name, _ in rows] == [name for name, _ in self._shown]:
            for place, (row, shown) in enumerate(zip(rows, self._shown, strict=True)):
                if row != shown:
                    self._list.replace_option_prompt_at_index(place, row[1])
        else:
            self._fill(rows)
        self._shown = rows

    def _fill(self, rows: Sequence[tuple[str, Content]]) -> None:
        names = [name for name, _ in rows]
        chosen, top = self.chosen, self._list.scroll_y
        # A note or a nudge is for the learner who was chosen when the instructor read the table.
        place = names.index(chosen) if chosen in names else 0
        self._list.clear_options()
        self._list.add_options([Option(row) for _, row in rows])
        self._list.highlighted = place if names else None
        self._list.scroll_to(y=top, animate=False)
        self._choose(names[place] if names else "")

    def _choose(self, name: str) -> None:
        if name != self.chosen:
            self.chosen = name
            self.post_message(self.Chosen())

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        # A highlight from before the rows were sorted anew means nothing.
        if event.option_index != self._list.highlighted or event.option_index >= len(self._shown):
            return
        name = self._shown[event.option_index][0]
        self._choose(name)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Opened())


class _Columns:
    """Lays out rows in a width; if the steps leave no room, labs take one cell, those with the most learners last."""

    def __init__(self, standing: Standing, width: int) -> None:
        labs: dict[int, Lab] = {}
        for step in standing.plan:
            labs.setdefault(step.lab_number, []).append(step)
        self._labs = list(labs.values())
        self._widths = _widths()
        fixed = sum(self._widths) + len(_GAP) * (len(self._widths) + 1)
        self._open = set(labs)
        crowds = Counter(seat.step.lab_number for seat in standing.seats if seat.step is not None)
        for number in sorted(labs, key=lambda number: (crowds[number], -number)):
            if width - fixed - self._steps_width >= _NARROWEST:
                break
            self._open.discard(number)
        self._why = max(_NARROWEST, width - fixed - self._steps_width)

    @property
    def _steps_width(self) -> int:
        return sum(self._width(lab) + len(self._gap(lab)) for lab in self._labs)

    def _width(self, lab: Lab) -> int:
        return len(lab) if self._is_open(lab) else 1

    def _gap(self, lab: Lab) -> str:
        """The space before a lab: labs of one cell stand together."""
        place = self._labs.index(lab)
        return " " if place and (self._is_open(lab) or self._is_open(self._labs[place - 1])) else ""

    def _is_open(self, lab: Lab) -> bool:
        return lab[0].lab_number in self._open

    @property
    def head(self) -> str:
        """The headings of the columns; over the steps, their labs' numbers."""
        *names, why, labs = map(tr, _HEADINGS)
        cells = [set_cell_size(name, width) for name, width in zip(names, self._widths, strict=True)]
        reason = set_cell_size(why, self._why - cell_len(labs) - 1) + f" {labs}"
        return _GAP.join((*cells, reason, self._numbers))

    @property
    def _numbers(self) -> str:
        """Each lab's number over its first step; for labs that stand together, the first and the last."""
        text = ""
        place = 0
        for alike, group in groupby(self._labs, self._is_open):
            labs = list(group)
            for lab in labs if alike else ():
                text = set_cell_size(text, place + len(self._gap(lab))) + str(lab[0].lab_number)
                place += len(self._gap(lab)) + len(lab)
            if not alike:
                text = set_cell_size(text, place + len(self._gap(labs[0])))
                place += len(self._gap(labs[0])) + len(labs)
                first, last = (str(labs[end][0].lab_number) for end in (0, -1))
                both = first + "…".center(len(labs) - len(first) - len(last)) + last
                text += both if len(labs) >= len(first) + len(last) + 1 else first[: len(labs)]
        return text

    def row(self, seat: Seat) -> Content:
        """A learner's row."""
        mark = NEEDS[seat.need.kind]
        visit = None if seat.step is None else seat.way.steps.get(seat.step.place)
        tries = str(visit.tries) if visit is not None and visit.tries else ""
        cells = (
            _fitted(seat.name, self._widths[1]),
            _fitted(seat.step.label if seat.step is not None else "-", self._widths[2]),
            f"{int(seat.seconds) // 60 if seat.step is not None else '':>{self._widths[3]}}",
            f"{tries:>{self._widths[4]}}",
            _fitted(" ".join(seat.need.why.split()), self._why),
        )
        needs = (_fitted(tr(mark.symbol), self._widths[0]), mark.colour)
        return Content.assemble(needs, _GAP, _GAP.join(cells), _GAP, *self._steps(seat))

    def _steps(self, seat: Seat) -> list[str | tuple[str, str]]:
        parts: list[str | tuple[str, str]] = []
        for lab in self._labs:
            parts.append(self._gap(lab))
            stands = [step_mark(step, seat.way.steps.get(step.place), here=step == seat.step) for step in lab]
            if not self._is_open(lab):
                stands = [_whole(stands)]
            parts += [(mark.symbol, mark.colour) for mark in stands]
        return parts


def _widths() -> list[int]:
    """The widths of the columns before the reason, in the language in use."""
    widths = [max(cell_len(tr(name)), width) for name, width in zip(_HEADINGS, _WIDTHS, strict=False)]
    widths[0] = max(widths[0], *(cell_len(tr(mark.symbol)) for mark in NEEDS.values()))
    return widths


def _whole(stands: Sequence[Mark]) -> Mark:
    """The mark of a learner's state in a lab: their current step counts most, then unfinished ones."""
    here = next((mark for mark in stands if mark in {STEP_HERE, STEP_FAILING}), None)
    if here is not None:
        return here
    marks = set(stands)
    if marks <= {STEP_DONE, STEP_HELPED}:
        return STEP_HELPED if STEP_HELPED in marks else STEP_DONE
    return STEP_NEW if marks == {STEP_NEW} else STEP_BEGUN


def _fitted(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"
