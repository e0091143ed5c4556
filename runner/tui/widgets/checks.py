"""The checks of a step, and what came of them."""

from collections.abc import Iterable

from textual.color import Color
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed
from runner.lab.check import Check

_LONGEST = 400


class CheckRow(Static):
    """One check: its tick, what it is about, and beneath it what is to be said of its outcome."""

    DEFAULT_CSS = """
    CheckRow { height: auto; padding: 0 1; }
    """
    outcome: reactive[Outcome | None] = reactive(None, layout=True)

    def __init__(self, check: Check, *, passed: bool) -> None:
        super().__init__()
        self.check = check
        if passed:
            self.set_reactive(CheckRow.outcome, Passed())

    def render(self) -> Content:
        check = self.check
        match self.outcome:
            case Passed():
                return _told("✓", "$success", check.describe, [check.explain])
            case Failed() as failed:
                seen = f"seen: {_short(failed.actual)}"
                wanted = "" if failed.expected == check.describe else f"wanted: {_short(failed.expected)}"
                return _told("✗", "$error", check.describe, [seen, wanted, failed.hint or "h shows a hint"])
            case Broken(reason, _):
                return _told("!", "$warning", check.describe, [reason, "x starts the step afresh"])
            case Errored(reason, _):
                return _told("!", "$warning", check.describe, [f"could not be checked: {reason}"])
            case _:
                return _told("○", "$foreground 65%", check.describe, [])

    def celebrate(self) -> None:
        """Light up once."""
        colour = Color.parse(self.app.theme_variables["success"])
        self.styles.background = colour.with_alpha(0.45)
        self.styles.animate("background", colour.with_alpha(0), duration=1.2, final_value=None)


class Checks(VerticalScroll, can_focus=False):
    """All checks of the current step; a pass stays."""

    DEFAULT_CSS = """
    Checks {
        height: auto;
        max-height: 45%;
        border-top: solid $border-blurred;
        border-title-color: $text-muted;
        border-title-style: none;
        scrollbar-size-vertical: 1;
        background: $background;
    }
    """

    async def show(self, checks: Iterable[Check], passed: frozenset[str]) -> None:
        """Show another step's checks."""
        await self.remove_children()
        await self.mount_all([CheckRow(check, passed=check.id in passed) for check in checks])
        self._count()

    def judge(self, check: Check, outcome: Outcome) -> None:
        """Show what came of a check; one that has passed is not looked at again."""
        row = next((row for row in self.query(CheckRow) if row.check.id == check.id), None)
        if row is None or isinstance(row.outcome, Passed):
            return
        row.outcome = outcome
        if isinstance(outcome, Passed):
            row.celebrate()
        self._count()
        self.call_after_refresh(self.scroll_to_widget, row, animate=False)

    def _count(self) -> None:
        rows = list(self.query(CheckRow))
        passed = sum(isinstance(row.outcome, Passed) for row in rows)
        self.display = bool(rows)
        self.border_title = f"checks {passed}/{len(rows)}"


def _told(mark: str, colour: str, describe: str, details: list[str]) -> Content:
    lines: list[Content | tuple[str, str]] = [(f"{mark} ", colour), Content(describe)]
    lines += [(f"\n  {detail}", "$foreground 65%") for detail in details if detail]
    return Content.assemble(*lines)


def _short(text: str) -> str:
    joined = " ⏎ ".join(line.strip() for line in text.strip().splitlines() if line.strip())
    return joined if len(joined) <= _LONGEST else f"{joined[:_LONGEST]} …"
