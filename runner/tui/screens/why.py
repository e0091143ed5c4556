"""The explanation of a failed command or a denied call: seccomp's decision, its rule, and the change that allows it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from runner.language import tr
from runner.tui import marks
from runner.tui.boxed import BoxedScreen
from runner.tui.widgets.lesson.hanging import HangingContent

if TYPE_CHECKING:
    from runner.trace.denial import Denial


class Wish(NamedTuple):
    """The learner's request on a denial: to see its rule, or to have the call allowed."""

    denial: "Denial"
    allow: bool


class WhyScreen(BoxedScreen[Wish | None]):
    """Shows denials one at a time, and failures for other reasons."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "rule", "Go to the rule, in the editor"),
        Binding("a", "allow", "Allow this call, in the editor"),
        Binding("escape,q", "dismiss", "Close"),
    ]
    DEFAULT_CSS = """
    WhyScreen {
        OptionList, OptionList:focus {
            height: auto;
            max-height: 30vh;
            border: none;
            padding: 0;
            margin-bottom: 1;
            background: $surface;
        }
        VerticalScroll { height: auto; max-height: 50vh; }
    }
    """

    def __init__(
        self,
        title: str,
        denials: "Sequence[Denial]",
        others: Sequence[str],
        said: str = "",
        *,
        unasked: bool = False,
    ) -> None:
        """`others` are sentences on failures for other reasons, `said` is one for the case that nothing was denied.

        `unasked`: the learner may be typing when it comes up.
        """
        super().__init__()
        self.close_gate(unasked=unasked)
        self._title = title
        self._denials = denials
        self._others = others
        self._said = said

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = (
                tr("↑ ↓ choose · e the rule · a allow this · Esc closes")
                if self._denials
                else tr("Esc closes")
            )
            if self._denials:
                yield OptionList(*map(_option, self._denials), compact=True, markup=False)
            with VerticalScroll(can_focus=False):
                yield Static(id="reasons", markup=False)

    def on_mount(self) -> None:
        if self._denials:
            self.query_one(OptionList).highlighted = 0
        self._show()

    @on(OptionList.OptionHighlighted)
    def _show(self) -> None:
        parts = []
        if denial := self._chosen:
            parts += [Content(reason) for reason in denial.reasons]
            if denial.allow:
                parts.append(
                    Content(
                        tr(
                            "A rule for `{call}` would allow it: `a` writes it into the editor, where Ctrl+S saves it.",
                            call=denial.allow,
                        )
                    )
                )
                if denial.wider:
                    parts.append(Content(tr("That allows {what}.", what=denial.wider)))
            elif denial.by_hand:
                parts.append(Content(tr("The editor can't add a rule for it: {way}.", way=denial.by_hand)))
            else:
                parts.append(Content(tr("No rule for this call would help.")))
        elif self._said:
            parts.append(Content(self._said))
        parts += [
            Content.assemble((f"{marks.CALL_FAILED.symbol} ", marks.CALL_FAILED.colour), other)
            for other in self._others
        ]
        self.query_one("#reasons", Static).update(Content("\n").join(parts))

    @property
    def _chosen(self) -> "Denial | None":
        place = self.query_one(OptionList).highlighted if self._denials else None
        return None if place is None else self._denials[place]

    def action_rule(self) -> None:
        """Go to the rule that decided, in the editor."""
        if denial := self._chosen:
            self.dismiss(Wish(denial, allow=False))

    def action_allow(self) -> None:
        """Have the call allowed in the profile, in the editor: nothing is saved yet."""
        denial = self._chosen
        if denial is not None and denial.allow:
            self.dismiss(Wish(denial, allow=True))


def _option(denial: "Denial") -> Option:
    verdict, mark = denial.verdict, marks.CALL_DENIED
    times = tr(", {number} times", number=f"{verdict.count:,}") if verdict.count > 1 else ""
    return Option(
        HangingContent(Content.styled(f"{mark.symbol} ", mark.colour), Content(f"{verdict.headline}{times}"))
    )
