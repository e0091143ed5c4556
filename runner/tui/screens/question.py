"""A question that must be answered before anything else."""

from runner.language import tr
from runner.tui.screens.dialog import Answer, Dialog


class Question(Dialog[bool]):
    """Asks; True for the first answer, False for the second and for Escape."""

    def __init__(self, title: str, text: str, *, yes: str = "", no: str = "", key: str = "y") -> None:
        """`key` gives the first answer."""
        super().__init__(
            title,
            text,
            [Answer(key, yes or tr("Yes"), True), Answer("n", no or tr("No"), False)],
            escape=False,
        )
