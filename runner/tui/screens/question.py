"""A question that must be answered before anything else."""

from collections.abc import Callable

from runner.language import tr
from runner.tui.screens.dialog import Answer, Dialog

YES = "y"
"""The usual key for the first answer."""


class Question(Dialog[bool]):
    """Asks; True for the first answer, False for the second and for Escape."""

    def __init__(
        self,
        title: str,
        text: str,
        *,
        yes: str = "",
        no: str = "",
        key: str = YES,
        unasked: bool = False,
        command: Callable[[str, float], Callable[[], None] | None] = lambda *_: None,
    ) -> None:
        """`key` gives the first answer; but "y", it is the key that has led here. `unasked`: no key has.

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
            unasked=unasked,
            opener="" if key == YES else key,
        )

    def typed(self, character: str, at: float) -> bool:
        go_on = self._command(character, at)
        if go_on is None:
            return False
        self.dismiss(False)
        go_on()
        return True
