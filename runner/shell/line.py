"""The line being typed at a prompt."""

import codecs
import re

from runner.shell.screen import Screen

KILL_LINE = b"\x05\x15"
"""The keys that empty a line: to its end first, since in a line editor the second leaves what is behind the cursor."""

_LONGEST = 1 << 16
_MOST_ROWS = 1000
_CURSOR_QUERY = b"\x1b[6n"
_BLANKS = re.compile(r"[ \t\r\n]+")


class TypedLine:
    """A prompt and the text typed after it, as a screen of `columns` shows them.

    A line editor may reprint its prompt at any time (`begin`), below or over the old text.
    """

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._screen = Screen(columns)
        self._start = (0, 0)
        self._raw = bytearray()
        self._asked = False

    @property
    def raw(self) -> bytes:
        """The bytes since the prompt."""
        return bytes(self._raw)

    @property
    def text(self) -> str:
        """The text after the prompt."""
        return self._screen.text(self._start)

    @property
    def asked_for_cursor(self) -> bool:
        """True if the line editor asked for the cursor's position; once answered, it reprints its prompt."""
        return self._asked or _CURSOR_QUERY in self._raw

    @property
    def ended(self) -> bool:
        """True if a new line has come since the prompt."""
        return b"\n" in self._raw

    @property
    def fills_row(self) -> bool:
        """True if the cursor's row is full to the last column."""
        return self._screen.row_is_full

    def resize(self, columns: int) -> None:
        """Change the screen's width; existing text is not wrapped again."""
        self._columns = columns
        self._screen.resize(columns)

    def begin_again(self, columns: int) -> None:
        """The prompt comes once more, on a screen of this width; if the width is new, with all of the line."""
        if columns != self._columns:
            self._columns = columns
            self._screen = Screen(columns)

    def prompt(self, data: bytes) -> None:
        """Take bytes of the prompt."""
        self._screen.feed(self._decoder.decode(data))

    def begin(self) -> None:
        """The prompt is complete: later bytes are typed text."""
        if self._screen.position[0] > _MOST_ROWS:
            self._screen = Screen(self._columns)
        self._start = self._screen.position
        self._asked = self.asked_for_cursor
        self._raw.clear()

    def type(self, data: bytes) -> None:
        """Take bytes that were echoed."""
        if len(self._raw) > _LONGEST:
            # Not a line, but the output of a background job.
            self._screen = Screen(self._columns)
            self.begin()
        self._raw += data
        self._screen.feed(self._decoder.decode(data))

    def shows(self, line: str) -> bool:
        """True if `line` is the text after the prompt.

        Blanks are ignored, since tabs are echoed in several ways, and ash shows most characters beyond ASCII as "?".
        """
        shown, typed = _BLANKS.sub("", self.text), _BLANKS.sub("", line)
        return len(shown) == len(typed) and all(
            one == other or (one == "?" and not other.isascii())
            for one, other in zip(shown, typed, strict=True)
        )
