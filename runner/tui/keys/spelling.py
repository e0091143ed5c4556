"""Telling typed commands from single keys, where keys act."""

from collections.abc import Iterable

from runner.lab.model.workshop import ConsoleBlock, Lab

GAP = 0.35
"""Seconds between two letters beyond which they are separate keys, and not letters of one word."""
_COMMON = """
apt bash cat cd chmod chown chroot clear cp curl date dd df dmesg docker echo env exit export find free grep head help
history hostname htop id kill less ls man mkdir mount mv nano ping printf ps pwd python3 rm sed setarch sh sleep strace
sudo sysctl tail top touch uname unshare vi vim whoami
"""
"""Programs that people type into any shell."""


class Spelling:
    """Follows the characters typed on a screen whose keys act."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are the programs that this lesson calls."""
        self._words = {*_COMMON.split(), *words}
        self._typed, self._last, self._happened = "", 0.0, 0.0

    def typed(self, character: str, at: float, *, acts: bool) -> str:
        """The text so far, with this character, if it looks like the start of a command; else "".

        `at` is the time when its key was pressed, in seconds. A character that is no key's is always part of a command.
        """
        goes_on = at - self._last < GAP and not self._last < self._happened <= at
        self._typed = self._typed + character if goes_on else character
        self._last = at
        word = self._typed
        # A repeated key is that key twice, unless there is such a program: dd.
        several = len(set(word)) > 1 or (len(word) > 1 and word in self._words)
        spelled = not acts or (several and any(known.startswith(word) for known in self._words))
        return word if spelled and not word.isspace() else ""

    def continued(self, character: str, at: float) -> str:
        """The text including this character, which means nothing where it was pressed; "" if it came late.

        So the first letter of a command may have acted, and opened a dialog.
        """
        if at - self._last >= GAP:
            return ""
        self._typed, self._last = self._typed + character, at
        return self._typed

    def interrupted(self) -> None:
        """A key that is not a character was pressed: text after it is another word."""
        self._typed, self._last = "", 0.0

    def happened(self, at: float) -> None:
        """Note a change on the screen: text after it answers that."""
        self._happened = at


def programs(lab: Lab) -> set[str]:
    """The programs that the lab's lessons call."""
    blocks = (block for step in lab.steps for block in step.blocks if isinstance(block, ConsoleBlock))
    return {command.text.split()[0] for block in blocks for command in block.commands if command.text.split()}
