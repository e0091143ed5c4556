"""Joins the lines of a call that a mail program or a terminal has folded."""

import re
from typing import NamedTuple

_MOST = 6
"""The largest number of lines of a call."""
_RESULT = re.compile(rb"\)[ \t]*= ?(?:\d|0x|\?|-\d+ E[A-Z0-9]+ ?\()")
_RESULT_CUT = re.compile(rb"\)[ \t]*= ?-\d")
"""A failure whose error may go on, on a further line."""
_CUT = re.compile(rb"\)[ \t]*(?:=[ \t]*(?:-1?(?:[ \t]+E?[A-Z0-9]*)?)?)?\Z")
_CUT_RESULT = re.compile(rb"\)[ \t]*=[ \t]*(?:-1?(?:[ \t]+E?[A-Z0-9]*)?)?\Z")
_FAILED = re.compile(rb"(?:\A|[ \t)])=[ \t]+-1(?:[ \t]+E?[A-Z0-9]*)?\Z")
_ERROR = re.compile(rb"\s*(?:[A-Z0-9]+\b|\()")
"""What may follow where a failure is cut: the rest of an error's name, or its meaning."""
_BLANK_AFTER = re.compile(rb"(?:,|\)[ \t]*=(?: -1)?)\Z")
"""Where strace writes a blank, at which a mail is folded; a terminal cuts words."""
_NO_PART = re.compile(rb"\s*(?:---|\+\+\+|strace: |<|> |\| |\[ ?(?:Process|pid)|type=|audit)")


class Begun(NamedTuple):
    """A line with the beginning of a call, split into its parts, its number, and whether words stand before it."""

    prefix: bytes
    name: bytes
    rest: bytes
    line: int
    behind_words: bool = False


class FoldedCall:
    """Holds a call that has begun without an end, and the lines after it that may belong to it."""

    def __init__(self) -> None:
        self.begun: Begun | None = None
        self._parts: list[tuple[bytes, int]] = []

    def begins(self, call: Begun) -> bool:
        """Keep a line whose parentheses are not closed, or whose result is cut; False for another one."""
        if call.rest.count(b")") > call.rest.count(b"(") and not _CUT.search(call.rest):
            return False
        self.begun, self._parts = call, []
        return True

    @staticmethod
    def is_cut(rest: bytes) -> bool:
        """True for the end of a line within the result of a call."""
        return _CUT_RESULT.search(rest) is not None

    def goes_on(self, part: bytes, line: int) -> bool:
        """Add a line; False if it does not belong to the call, or if none has begun."""
        if self.begun is None or len(self._parts) >= _MOST or _NO_PART.match(part):
            return False
        last = self._parts[-1][0] if self._parts else self.begun.rest
        if _FAILED.search(last) and not _ERROR.match(part):
            return False
        self._parts.append((part, line))
        return True

    def whole(self, *, ended: bool = False) -> Begun | None:
        """The call, which is forgotten here, if its result has come; all of it has, if the lines have `ended`."""
        if self.begun is None or not self._parts:
            return None
        rest = self.begun.rest
        for part, _ in self._parts:
            rest += b" " + part if _BLANK_AFTER.search(rest) and not part[:1].isspace() else part
        if not (_RESULT.search(rest) or (ended and _RESULT_CUT.search(rest))):
            return None
        call, self.begun = self.begun._replace(rest=rest), None
        return call

    def take(self) -> tuple[Begun | None, list[tuple[bytes, int]]]:
        """The call as far as it has come, which is forgotten here, and the lines after it."""
        begun, self.begun = self.begun, None
        return begun, self._parts if begun else []
