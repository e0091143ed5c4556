"""The few rows of a terminal in which a line is edited."""

import re
import unicodedata

_TOKEN = re.compile(
    r"\x1b\[(?P<args>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*+(?:\x07|\x1b\\)?"
    r"|\x1b[PX^_][^\x07\x1b]*+(?:\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
    r"|(?P<control>[\x00-\x1f\x7f])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)
_CUT_SHORT = re.compile(r"\x1b(?:[ -/]*|\[[0-?]*[ -/]*|[]PX^_][^\x07\x1b]*)\Z")
_LONGEST_SEQUENCE = 4096
_TAB = 8
_MOST_DIGITS = 6
_LONGEST_CLUSTER = 32
_MOST_ROWS = 1000
"""The number of rows that are kept and that the cursor can reach: no line that is edited has more."""


class Screen:
    """Rows of characters, `columns` wide and growing downwards, and a line editor's operations on them.

    Nothing makes a row longer than that, whatever number a sequence gives.

    Knows printing with wrapping, carriage return, line feed, backspace, tab, and the sequences that move the cursor or
    erase, insert and delete characters. Colours and the rest leave no trace.
    """

    def __init__(self, columns: int) -> None:
        self._columns = max(columns, 2)
        self._rows: list[list[str]] = [[]]
        self._row = 0
        self._column = 0
        self._held = ""

    def resize(self, columns: int) -> None:
        """Wrap at another column from now on."""
        self._columns = max(columns, 2)

    @property
    def position(self) -> tuple[int, int]:
        """The cursor's row and column, from 0."""
        return self._row, self._column

    @property
    def row_is_full(self) -> bool:
        """True if the cursor's row is filled to the last column."""
        return len(self._rows[self._row]) >= self._columns

    def feed(self, text: str) -> None:
        """Print `text`; a sequence cut off at its end waits for the next call."""
        text, self._held = self._held + text, ""
        cut = _CUT_SHORT.search(text, max(len(text) - _LONGEST_SEQUENCE, 0))
        if cut:
            text, self._held = text[: cut.start()], cut.group()
        for token in _TOKEN.finditer(text):
            if token["text"]:
                for character in token["text"]:
                    self._print(character)
            elif token["control"]:
                self._control(token["control"])
            elif token["final"]:
                self._sequence(token["final"], token["args"])

    def text(self, start: tuple[int, int] = (0, 0)) -> str:
        """The text at `start` and below; a row that is filled to its end goes on in the next."""
        row, column = start
        parts: list[str] = []
        for index in range(row, len(self._rows)):
            cells = self._rows[index]
            parts.append("".join(cells[column if index == row else 0 :]))
            parts.append("" if len(cells) >= self._columns else "\n")
        return "".join(parts).rstrip()

    def _print(self, character: str) -> None:
        width = _width(character)
        cells = self._rows[self._row]
        if width == 0:
            self._combine(cells, character)
            return
        if self._column + width > self._columns:
            # A wide character leaves a cell empty that it does not fit into; the row is full nevertheless.
            cells += [""] * (self._columns - len(cells))
            self._column = 0
            self._down()
            cells = self._rows[self._row]
        self._pad(cells, self._column)
        # The second cell of a wide character is empty, so that columns stay columns.
        cells[self._column : self._column + width] = [character, ""][:width]
        self._column += width

    def _combine(self, cells: list[str], character: str) -> None:
        """Add a character without a width, such as an accent, to the one before the cursor."""
        for column in range(min(self._column, len(cells)) - 1, -1, -1):
            if cells[column]:
                if len(cells[column]) < _LONGEST_CLUSTER:
                    cells[column] += character
                return

    def _control(self, control: str) -> None:
        if control == "\r":
            self._column = 0
        elif control == "\n":
            self._down()
        elif control == "\b":
            self._column = max(min(self._column, self._columns) - 1, 0)
        elif control == "\t":
            self._column = min((self._column // _TAB + 1) * _TAB, self._columns - 1)
            self._pad(self._rows[self._row], self._column)

    def _sequence(self, final: str, args: str) -> None:  # noqa: C901  # one case per sequence
        first = args.partition(";")[0].lstrip("0")
        number = int(first[:_MOST_DIGITS]) if first.isdecimal() else 0
        many = max(number, 1)
        cells = self._rows[self._row]
        right = max(self._columns - self._column, 0)
        if final == "A":
            self._row = max(self._row - many, len(self._rows) - _MOST_ROWS, 0)
        elif final == "B":
            self._row = min(self._row + many, len(self._rows) - 1)
        elif final == "C":
            self._column = min(self._column + many, self._columns - 1)
        elif final == "D":
            self._column = max(self._column - many, 0)
        elif final == "G":
            self._column = min(many, self._columns) - 1
        elif final == "K" and number == 0:
            del cells[self._column :]
        elif final == "K":
            cells[: self._column + 1] = " " * min(self._column + 1, len(cells))
        elif final == "J" and number == 0:
            del cells[self._column :]
            del self._rows[self._row + 1 :]
        elif final == "P":
            del cells[self._column : self._column + many]
        elif final == "X":
            self._pad(cells, self._column)
            erased = min(many, right)
            cells[self._column : self._column + erased] = [" "] * erased
        elif final == "@":
            self._pad(cells, self._column)
            end = max(len(cells), self._columns)
            cells[self._column : self._column] = [" "] * min(many, right)
            del cells[end:]

    def _down(self) -> None:
        self._row += 1
        if self._row == len(self._rows):
            self._rows.append([])
            if self._row >= _MOST_ROWS:
                self._rows[self._row - _MOST_ROWS] = []

    @staticmethod
    def _pad(cells: list[str], column: int) -> None:
        cells += [" "] * (column - len(cells))


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
