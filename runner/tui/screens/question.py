"""A question that must be answered before anything else."""

from runner.tui.screens.dialog import Answer, Dialog


class Question(Dialog[bool]):
    """Asks; True for the first answer, False for the second and for Escape."""

    def __init__(self, title: str, text: str, *, yes: str = "Yes", no: str = "No") -> None:
        super().__init__(title, text, [Answer("y", yes, True), Answer("n", no, False)], escape=False)
