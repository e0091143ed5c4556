"""Telling a command that is typed where keys act from those keys."""

import time
from collections.abc import Callable, Iterable

GAP = 0.35
"""Seconds between two letters beyond which they are keys, and not letters of one word."""
_COMMON = """
apt bash cat cd chmod chown chroot clear cp curl date df dmesg docker echo env exit export find free grep head help
history hostname htop id kill less ls man mkdir mount mv nano ping printf ps pwd python3 rm sed setarch sh sleep strace
sudo sysctl tail top touch uname unshare vi vim whoami
"""
"""What is typed into shells everywhere."""


class Spelling:
    """Follows the characters typed on a screen whose keys act."""

    def __init__(self, words: Iterable[str], clock: Callable[[], float] = time.monotonic) -> None:
        """`words` are programs that this lesson calls."""
        self._words = {*_COMMON.split(), *words}
        self._clock = clock
        self._typed, self._last = "", 0.0

    def typed(self, character: str, *, acts: bool) -> str:
        """What was typed so far, with this character, if it looks like the beginning of a command; else "".

        A character that does not act can be nothing else.
        """
        now = self._clock()
        self._typed = self._typed + character if now - self._last < GAP else character
        self._last = now
        word = self._typed
        several = len(set(word)) > 1
        spelled = not acts or (several and any(known.startswith(word) for known in self._words))
        return word if spelled and not word.isspace() else ""

    def forget(self) -> None:
        """Something has happened on the screen: what is typed next answers that."""
        self._typed = ""
