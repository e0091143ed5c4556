"""The checks of a step, and their outcomes."""

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.color import Color
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed
from runner.lab.model.check import Check
from runner.language import tr
from runner.tui import marks
from runner.tui.widgets.lesson.hanging import Hanging
from runner.tui.widgets.reveal import Reveal

_LONGEST = 400
_TOGETHER = 1.0
"""Seconds between two checks that fail for the same reason, since they are evaluated one after the other."""


class CheckRow(Hanging):
    """One check: its tick, its subject, and below it the text on its outcome."""

    DEFAULT_CSS = """
    CheckRow { padding: 0 1; }
    """
    outcome: reactive[Outcome | None] = reactive(None, init=False)

    more_hints: reactive[bool] = reactive(True, init=False)
    """True if the step has a hint that is not shown yet."""

    step_done: reactive[bool] = reactive(False, init=False)
    """True if all checks of the step have passed."""

    def __init__(self, check: Check, outcome: Outcome | None, *, more_hints: bool, step_done: bool) -> None:
        super().__init__(*check_text(check, outcome, more_hints=more_hints, step_done=step_done))
        self.check = check
        self.set_reactive(CheckRow.step_done, step_done)
        self.set_reactive(CheckRow.outcome, outcome)
        self.set_reactive(CheckRow.more_hints, more_hints)

    @property
    def told(self) -> tuple[Content, Content]:
        """The mark and the text."""
        return check_text(self.check, self.outcome, more_hints=self.more_hints, step_done=self.step_done)

    def watch_outcome(self) -> None:
        self.show(*self.told)

    def watch_more_hints(self) -> None:
        self.show(*self.told)

    def watch_step_done(self) -> None:
        self.show(*self.told)

    def helped(self, width: int) -> tuple[int, int]:
        """The number of lines that name the check, and of those to the end of its advice, at a width in columns."""
        mark, text = self.told
        width = max(1, width - self.gutter.width - mark.cell_length)
        named, *said = (line.get_height({}, width) for line in text.split("\n"))
        return named, named + sum(said[:1])

    def celebrate(self) -> None:
        """Light up once."""
        colour = Color.parse(self.app.theme_variables["success"])
        self.styles.background = colour.with_alpha(0.45)
        self.styles.animate("background", colour.with_alpha(0), duration=1.2, final_value=None)


class Checks(VerticalScroll, can_focus=True):
    """All checks of the current step, with their outcomes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "advice", "Advice", show=False)]
    DEFAULT_CSS = """
    Checks {
        height: auto;
        max-height: 35%;
        border-top: solid $border-blurred;
        border-title-color: $text-muted;
        border-title-style: none;
        scrollbar-size-vertical: 1;
        background: $background;
        &:focus { border-top: solid $primary; background-tint: $foreground 0%; }
    }
    """

    class AdviceAsked(Message):
        """The learner wants to read the full advice on the checks."""

    def __init__(
        self,
        checks: Iterable[Check],
        passed: frozenset[str],
        failed: Mapping[str, Failed],
        *,
        more_hints: bool,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        """`passed` and `failed` are from before: what came of them last."""
        rows = _rows(checks, passed, failed, more_hints=more_hints)
        super().__init__(*rows, id=id)
        self._failed = 0.0, rows[0] if rows else None
        self._reveal = Reveal(self)
        self._count(rows)

    async def show(
        self,
        checks: Iterable[Check],
        passed: frozenset[str],
        failed: Mapping[str, Failed],
        *,
        more_hints: bool,
    ) -> None:
        """Show another step's checks."""
        rows = _rows(checks, passed, failed, more_hints=more_hints)
        await self.remove_children()
        await self.mount_all(rows)
        self._count(rows)
        self._reveal.bring(self._show_first_open)

    def judge(self, check: Check, outcome: Outcome) -> None:
        """Show a check's outcome; a pass can be lost again."""
        row = self._row(check)
        if row is None:
            return
        row.outcome = outcome
        self._count(list(self.query(CheckRow)))
        if isinstance(outcome, Passed):
            if check.precheck_passes:
                # Nobody waits for it, and the open checks should be seen first.
                return
            row.celebrate()
        self._reveal.bring(partial(self._read, self._worth_reading(row)))

    def hinted(self, *, more: bool) -> None:
        """Note that a hint is shown, and whether the step has `more` of them."""
        for row in self.query(CheckRow):
            row.more_hints = more

    def renew(self, check: Check, outcome: Outcome) -> None:
        """Show what is seen of a failed check now, instead of earlier advice; one that shows none stays as it is."""
        row = self._row(check)
        if row is not None and isinstance(row.outcome, Failed):
            row.outcome = outcome

    def _row(self, check: Check) -> CheckRow | None:
        return next((row for row in self.query(CheckRow) if row.check.id == check.id), None)

    def _read(self, row: CheckRow) -> None:
        """Bring a check into view: a passed one with its tick, another with all of its advice, where both don't fit."""
        if not row.is_attached:
            return
        room = self.scrollable_content_region
        named, helped = row.helped(room.width)
        passed = isinstance(row.outcome, Passed)
        over = 0 if passed else min(named, max(0, helped - room.height))
        y = row.virtual_region.y + over
        if passed and (left := self._first_open) is not None:
            # The explanation may be cut off; what is still to be done may not.
            place = left.virtual_region
            y = min(max(y, place.bottom - room.height), place.y)
        self.scroll_to(y=y, animate=False)

    @property
    def _first_open(self) -> CheckRow | None:
        return next((row for row in self.query(CheckRow) if not isinstance(row.outcome, Passed)), None)

    def _show_first_open(self) -> None:
        if (left := self._first_open) is not None and left is not next(iter(self.query(CheckRow))):
            self._read(left)

    def _worth_reading(self, judged: CheckRow) -> CheckRow:
        """The row to show: the first of those that fail along with `judged`."""
        if not isinstance(judged.outcome, Failed):
            return judged
        now, rows = time.monotonic(), list(self.query(CheckRow))
        at, before = self._failed
        if now - at < _TOGETHER and before in rows[: rows.index(judged)]:
            judged = before
        self._failed = now, judged
        return judged

    @property
    def told(self) -> list[tuple[Content, Content]]:
        """The mark and the text of each check."""
        return [row.told for row in self.query(CheckRow)]

    def on_mount(self) -> None:
        self.watch(self, "show_vertical_scrollbar", self._say_how_to_read_all)

    def on_resize(self) -> None:
        self._reveal.laid_out()

    def on_focus(self) -> None:
        # Anyone who takes the keys to it reads in it.
        self._reveal.forget()

    def _say_how_to_read_all(self) -> None:
        self.border_title = self._title + (tr(" · a shows all") if self.show_vertical_scrollbar else "")

    def action_advice(self) -> None:
        """Show all that is said of the checks."""
        self.post_message(self.AdviceAsked())

    def _count(self, rows: Sequence[CheckRow]) -> None:
        passed = sum(isinstance(row.outcome, Passed) for row in rows)
        for row in rows:
            row.step_done = passed == len(rows)
        self.display = bool(rows)
        self._title = tr("checks {passed}/{number}", passed=passed, number=len(rows))
        self._say_how_to_read_all()


def _rows(
    checks: Iterable[Check], passed: frozenset[str], failed: Mapping[str, Failed], *, more_hints: bool
) -> list[CheckRow]:
    checks = list(checks)
    done = all(check.id in passed for check in checks)
    return [
        CheckRow(
            check,
            Passed() if check.id in passed else failed.get(check.id),
            more_hints=more_hints,
            step_done=done,
        )
        for check in checks
    ]


def check_text(
    check: Check, outcome: Outcome | None, *, more_hints: bool = True, step_done: bool = False
) -> tuple[Content, Content]:
    """The mark and the text of a check; the advice comes first, and is as bright as the check itself.

    The pattern for an output is left out: it is a regular expression. A tick that was there from the start is explained
    once the step is done: until then, the explanation would tell what is still to be found out.
    """
    helpful, quiet = "", [""]
    match outcome:
        case Passed():
            # A tick that the learner did not earn needs a word of explanation.
            early = (
                tr("ticked from the start: {precheck_passes}", precheck_passes=check.precheck_passes)
                if check.precheck_passes
                else ""
            )
            mark, quiet = marks.CHECK_PASSED, [early, check.explain if step_done or not early else ""]
        case Failed(expected=expected, actual=actual, hint=hint):
            way_on = tr("h shows a hint") if more_hints else tr("s solves the step")
            mark, helpful = marks.CHECK_FAILED, f"→ {hint or way_on}"
            from runner.check.observation import asked

            missing = expected.split("; ")
            wanted = ", ".join(part for part in asked(check.expect) if part in missing)
            quiet = [
                check.precheck_passes,
                tr("seen: {short}", short=_short(actual)),
                tr("wanted: {wanted}", wanted=wanted) if wanted and not hint else "",
            ]
        case Broken(reason, _):
            mark, quiet, helpful = marks.CHECK_UNKNOWN, [reason], tr("→ x starts the step afresh")
        case Errored(reason, _):
            mark, quiet = marks.CHECK_UNKNOWN, [tr("could not be checked: {reason}", reason=reason)]
        case _:
            mark = marks.CHECK_OPEN
    lines: list[tuple[str, str]] = [(f"\n{helpful}", "$foreground")] if helpful else []
    lines += [(f"\n{detail}", marks.QUIET) for detail in quiet if detail]
    return Content.styled(f"{mark.symbol} ", mark.colour), Content.assemble(check.describe, *lines)


def _short(text: str) -> str:
    """The text on one line; equal lines that follow each other are shown once, with their number."""
    lines = (line.strip() for line in text.splitlines() if line.strip())
    counted = ((line, sum(1 for _ in alike)) for line, alike in groupby(lines))
    joined = " · ".join(
        line if times == 1 else tr("{line} ({number} times)", line=line, number=times)
        for line, times in counted
    )
    return joined if len(joined) <= _LONGEST else f"{joined[:_LONGEST]} …"
