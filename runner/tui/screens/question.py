"""A question that must be answered before anything else."""

from collections.abc import Callable

from runner.language import tr
from runner.tui.screens.dialog import Answer, Dialog


class Question(Dialog[bool]):
    """Asks; True for the first answer, False for the second and for Escape."""

    def __init__(
        self,
        title: str,
        text: str,
        *,
        yes: str = "",
        no: str = "",
        key: str = "y",
        command: Callable[[str, float], Callable[[], None] | None] = lambda *_: None,
    ) -> None:
        """`key` gives the first answer.

        `command` is called with a letter that answers nothing, and its time, to find out whether the key that led to
        the question began a command, and this letter continues it. If so, the function that it returns is called in
        the question's place.
        """
        self._command = command
        super().__init__(
            title,
            text,
            [Answer(key, yes or tr("Yes"), True), Answer("n", no or tr("No"), False)],
            escape=False,
        )

    def typed(self, character: str, at: float) -> None:
        if go_on := self._command(character, at):
            self.dismiss(False)
            go_on()
