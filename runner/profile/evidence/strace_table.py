"""The tables that `strace -c` and `-C` print, whatever columns `-U` asks for."""

import re

_HEADER = re.compile(
    r"\s*(?:(?:% time|seconds|total|shortest|longest|usecs/call|calls|errors|syscall)(?:\s+|\Z))+\Z"
)
_COLUMN = re.compile(r"% time|\S+")
_DASHES = re.compile(r"\s*-{4,}(?:\s+-{4,})*\s*\Z")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?\Z")
"""A number with the point of any locale."""
_CLASSIC = re.compile(
    r"\s*\d+[.,]\d+\s+\d+[.,]\d+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([A-Za-z_]\w*)(?:\s+[^\w\s].*)?\s*\Z"
)
_REMARK = re.compile(r"[^\w\s]|[^\x00-\x7f]")
"""The beginning of a remark behind a row, such as an arrow."""


class Table:
    """The state of reading one table; the caller passes lines while it is `open`."""

    def __init__(self) -> None:
        self._columns: list[str] = []
        self._header: list[str] = []

    @property
    def open(self) -> bool:
        """True if rows are expected."""
        return bool(self._columns)

    def begins(self, text: str) -> bool:
        """Read a table's heading, or the dashes under it; True if the line was one."""
        if "syscall" in text and _HEADER.match(text):
            self._header = _COLUMN.findall(text)
            return True
        if self._header and _DASHES.match(text):
            self._columns, self._header = self._header, []
            return True
        self._header = []
        return False

    def close(self) -> None:
        """End the table."""
        self._columns = []

    def row(self, text: str) -> tuple[str, int] | None:
        """The call of a row and its count (1 if the table has no counts); "" as the call for dashes and the total.

        None if the line is not a row: then the table has ended.
        """
        if _DASHES.match(text):
            return "", 0
        words = text.split()
        columns = self._columns
        if columns and columns[-1] == "syscall":
            words = _without_remark(words)
        if len(words) < len(columns):
            # strace leaves the number of errors blank if there were none.
            columns = [column for column in columns if column != "errors"]
        cells = dict(zip(columns, words, strict=False))
        name = cells.pop("syscall", "")
        if len(words) != len(columns) or not all(map(_NUMBER.match, cells.values())):
            self.close()
            return None
        if name == "total":
            self.close()
            return "", 0
        calls = cells.get("calls", "1")
        return name, int(calls) if calls.isdecimal() and len(calls) < 16 else 1


def _without_remark(words: list[str]) -> list[str]:
    """The words of a row up to its call, if what stands behind that is somebody's remark."""
    call = next((index for index, word in enumerate(words) if not _NUMBER.match(word)), len(words))
    return words[: call + 1] if len(words) > call + 1 and _REMARK.match(words[call + 1]) else words


def classic_row(text: str) -> tuple[str, int] | None:
    """A row of the usual table whose heading is missing; None if the line is not one."""
    match = _CLASSIC.match(text)
    return (match[2], int(match[1][:15])) if match else None
