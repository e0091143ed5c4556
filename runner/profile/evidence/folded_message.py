"""Joins the lines of a message that a terminal, a mail program or YAML has broken."""

import re
from typing import NamedTuple

from runner.profile.evidence.messages import reports_refusal, told

_BEGINS = re.compile(
    r"(?i)error response from daemon|\boci runtime\b|\brunc (?:create|run|exec) failed|\bcrun: "
    r"|failed to (?:create|start) (?:containerd |shim )?(?:task|container)|start(?:ing)? container process"
    r"|container_linux\.go|error during container init|(?:Create|Run)Container(?:Config)?Error"
)
"""A sign of a runtime's message, which is long."""
_REASONS = ("operation not permitted", "permission denied", "function not implemented", "bad system call")
_ENDS = re.compile(
    rf"(?i)(?:{'|'.join(_REASONS)}|invalid argument|no such file or directory|not found(?: in \$PATH)?"
    r"|exec format error|: unknown)\W*\Z"
)
_KEY = re.compile(r"(?P<indent>[ \t]*)(?:- )?[\"']?\w+[\"']?: +[\"']?\S")
"""A key of YAML with the beginning of a text."""
_ANOTHER = re.compile(
    r"\s*(?:\d{4}-\d\d-\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:|time=|level=|type=|\[|\{|[$#>] |[-*+] |[\w./-]+\[\d+\]: "
    r"|Error: |docker: |[A-Z]\d{4} )"
)
"""The beginning of another entry of a log, of a prompt or of an item."""
_GOES_ON = re.compile(r"[ \t]*(?:[a-z\"'`/(:,\d]|OCI\b)")
"""What goes on with a sentence."""
_MOST = 16
_SHORTEST = 30
"""No terminal is narrower."""
_LEAST = 4
"""So many letters of a reason show that it has begun."""
_CUT = tuple(
    (reason[:at].rstrip(), reason[at:].strip()) for reason in _REASONS for at in range(_LEAST, len(reason))
)
"""The beginnings of reasons, and what is missing of them."""
_BEGUN = tuple(cut for cut, _ in _CUT)


class Part(NamedTuple):
    """A line of a message, and its number."""

    text: str
    line: int


class FoldedMessage:
    """Holds back what has come of a message that seems to go on."""

    def __init__(self) -> None:
        self._parts: list[Part] = []

    def begins(self, text: str, line: int) -> bool:
        """Keep the beginning of a message; False for one that is whole, or is none."""
        if len(text.strip()) < _LEAST or _ENDS.search(text):
            return False
        if not (_BEGINS.search(text) or _is_cut(text)):
            return False
        self._parts = [Part(text, line)]
        return True

    def goes_on(self, text: str, line: int) -> bool:
        """Add a line; False if it does not belong to the message that has begun, or if none has."""
        if not self._parts or len(self._parts) >= _MOST or not self._belongs(text):
            return False
        self._parts.append(Part(text, line))
        return True

    @property
    def is_whole(self) -> bool:
        """True if the message has come to a reason, with which messages end."""
        return len(self._parts) > 1 and any(_ENDS.search(text) for text in self._joined())

    def take(self) -> tuple[str, list[Part]]:
        """The message, "" if its lines are none together, and the lines; they are forgotten here."""
        joined = list(self._joined()) if len(self._parts) > 1 else []
        parts, self._parts = self._parts, []
        meant = [text for text in joined if reports_refusal(text) and told(text)]
        # Of two ways to join, the one that shows a call is right: a broken word hides it.
        return max(meant, key=_shows, default=""), parts

    def _belongs(self, text: str) -> bool:
        first, last = self._parts[0].text, self._parts[-1].text
        if _completes(last, text):
            return True
        if not any(_BEGINS.search(part.text) for part in self._parts):
            return False
        if key := _KEY.match(first):
            if _indent(text) > len(key["indent"]):
                return True
            if key["indent"]:
                return False
        if len(last) < _SHORTEST or not _GOES_ON.match(text):
            return False
        if _ANOTHER.match(text) or text[:_SHORTEST] == first[:_SHORTEST]:
            return False
        # What a terminal breaks fills its lines, and of what breaks between words the next word did not fit.
        widest = max(len(part.text) for part in self._parts)
        word = text.split(" ", 1)[0]
        filled = len(last) >= widest - 1 and len(text) <= widest + 1
        return filled or len(last) + 1 + len(word) > max(widest, len(text))

    def _joined(self) -> tuple[str, ...]:
        """The ways to join the lines, the likelier first: as a terminal breaks them, and with a blank, as others do."""
        texts = [part.text for part in self._parts]
        apart = " ".join(text.strip() for text in texts)
        if _KEY.match(texts[0]) and all(_indent(text) > _indent(texts[0]) for text in texts[1:]):
            return (apart,)
        widest = max(map(len, texts[:-1]))
        # A blank at the end of a line is not kept everywhere.
        tight = "".join(f"{text} " if len(text) == widest - 1 else text for text in texts[:-1]) + texts[-1]
        filled = all(len(text) >= widest - 1 for text in texts[:-1])
        return (tight, apart) if filled and len(texts) > 2 else (apart, tight)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _shows(text: str) -> tuple[bool, bool]:
    found = told(text)
    return bool(found and (found.calls or found.refused)), _ENDS.search(text) is not None


def _completes(text: str, following: str) -> bool:
    """True if the reason within which a text ends goes on in the following one."""
    end, start = text.rstrip().lower(), following.strip().lower()
    return _is_cut(text) and any(end.endswith(cut) and start.startswith(rest) for cut, rest in _CUT)


def _is_cut(text: str) -> bool:
    """True if a text ends within a reason, such as `Operation not`."""
    return text.rstrip().lower().endswith(_BEGUN)
