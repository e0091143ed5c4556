"""A question with several answers."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from runner.lab.model.workshop import Option, QuizBlock
from runner.language import tr
from runner.tui import marks
from runner.tui.messages import Answered
from runner.tui.widgets.lesson.hanging import Hanging
from runner.tui.widgets.lesson.reading import Written


class Choice(Hanging, can_focus=True):
    """One answer; once chosen, it says why it is right or wrong."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Answer", show=False)]
    DEFAULT_CSS = """
    Choice {
        pointer: pointer;
        &:hover { background: $primary 20%; }
        &:focus { background: $primary 25%; text-style: bold; }
    }
    """
    chosen: reactive[bool] = reactive(False, init=False)

    class Chosen(Message):
        """The learner chose this answer."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, number: int, option: Option) -> None:
        super().__init__(Content(f"{marks.ANSWER_OPEN.symbol} "), Content(option.text))
        self.number = number
        self.option = option

    def watch_chosen(self) -> None:
        mark, verdict = (
            (marks.ANSWER_RIGHT, tr("Right.")) if self.option.correct else (marks.ANSWER_WRONG, tr("No."))
        )
        said = f"\n{verdict} {self.option.why}"
        self.show(
            Content.styled(f"{mark.symbol} ", mark.colour),
            Content.assemble((self.option.text, mark.colour), (said, "$foreground 65%")),
        )

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Answer with this one."""
        self.post_message(self.Chosen(self.number))


class Quiz(Vertical):
    """Asks, and explains each answer that is tried."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "The answer before", show=False),
        Binding("down", "move(1)", "The next answer", show=False),
        *(
            Binding(str(number), f"pick({number})", "Answer with this one", show=False)
            for number in range(1, 10)
        ),
    ]

    DEFAULT_CSS = """
    Quiz {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        background: $surface;
        border-left: outer $secondary;
        Written { text-style: bold; }
    }
    """

    def __init__(self, block: QuizBlock, answer: int | None) -> None:
        super().__init__()
        self.block = block
        self._answer = answer

    def compose(self) -> ComposeResult:
        yield Written(self.block.question)
        for number, option in enumerate(self.block.options):
            yield Choice(number, option)

    def on_mount(self) -> None:
        if self._answer is not None:
            self.show_answer(self._answer)

    def take_keys(self) -> None:
        """Give the next keys to the answers."""
        if choices := self.query(Choice):
            choices.first().focus()
        else:
            # It is only being mounted.
            self.call_later(self.take_keys)

    def action_move(self, by: int) -> None:
        """Go to another answer."""
        choices = list(self.query(Choice))
        focused = next((place for place, choice in enumerate(choices) if choice.has_focus), 0)
        choices[(focused + by) % len(choices)].focus()

    def action_pick(self, number: int) -> None:
        """Answer with the one at this place, counted from 1."""
        choices = list(self.query(Choice))
        if number <= len(choices):
            choices[number - 1].focus()
            choices[number - 1].action_choose()
        else:
            self.notify(tr("There are {number} answers.", number=len(choices)))

    def show_answer(self, number: int) -> None:
        """Show the explanation of an answer."""
        for choice in self.query(Choice):
            if choice.number == number:
                choice.chosen = True

    def on_choice_chosen(self, event: Choice.Chosen) -> None:
        event.stop()
        self.show_answer(event.number)
        self.post_message(Answered(self.block, event.number))
