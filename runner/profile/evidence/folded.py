"""Joins the lines of an audit record that a mail program or a terminal has folded."""

import re

_BEGIN = re.compile(r"\btype=(?:1326|SECCOMP) (?:msg=)?audit\(|\bSECCOMP auid=")
_PART = re.compile(
    r"\s*(?:\S+\s*)?(?:(?:\A|(?<=\s))[a-z_]+=(?:\"[^\"]*(?:\"|\Z)|[^\s\"]*)\s*)*(?:(?<=\s)[a-z_]+)?"
)
"""What may follow: fields, after the rest of a word that was cut, and before the beginning of one."""
_END = "code="
_CONTINUED = re.compile(r"(?<![ \t])[ \t]+\\[ \t]*\Z")
"""The sign of a shell's, or a writer's, that a line goes on."""
_MOST = 8
"""The largest number of lines of a record."""


class Folded:
    """Holds back what has come of a record that has no end yet."""

    def __init__(self) -> None:
        self.line = 0
        """The number of the line on which the record began."""
        self._text = ""
        self._lines = 0
        self._last = 0
        """The number of the line that came last."""

    def begins(self, text: str, line: int) -> bool:
        """Keep the beginning of a record; False for a line that is whole, or is none."""
        text = _CONTINUED.sub("", text)
        if _END in text or not _BEGIN.search(text):
            return False
        self._text, self._lines, self.line, self._last = text, 1, line, line
        return True

    def goes_on(self, text: str, line: int) -> bool:
        """Add a line; False if it does not belong to the record that has begun, or if none has."""
        if not self._text or self._lines >= _MOST or line > self._last + 1 or _BEGIN.search(text):
            return False
        text = _CONTINUED.sub("", text)
        if "=" not in text or not _PART.fullmatch(text):
            return False
        # A terminal cuts words, of which the last may be a field's name.
        new_word = text[:1].isspace() or (re.match(r"[a-z_]+=", text) and "=" in self._text.split(" ")[-1])
        self._text += f" {text}" if new_word else text
        self._lines += 1
        self._last = line
        return True

    @property
    def is_whole(self) -> bool:
        """True if the record has its last field."""
        return _END in self._text

    def take(self) -> str:
        """The record as far as it has come, which is forgotten here; "" for none."""
        text, self._text = self._text, ""
        return text
