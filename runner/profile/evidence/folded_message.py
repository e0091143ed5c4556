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
_OF_PROGRAM = re.compile(r"\s*([\w./+-]+)(?:\[\d+\])?: ")
"""A program's name, with which its message begins, or a word of a sentence."""
_IN_SENTENCES = re.compile(
    r"(?i)(?<![\w-])(?:\d+|\w+\.go:\d+|args?|argument|cap(?:s|abilities)|cgroups?|config|container|daemon|denied|devices?"
    r"|error|exec|failed|fd|fifo|file|filter|hook|image|init|keyring|label|namespaces?|permitted|pipe|pod|process"
    r"|profile|rlimits?|rootfs|rule|seccomp|shim|spec|state|status|syscall|sysctl|task|user|caused|created?)\Z"
)
"""A word with which a part of a runtime's message ends before a colon."""
_LEADS = re.compile(
    r"(?i)(?::|(?<!\w)(?:an?|and|at|by|during|for|from|in|into|of|on|or|syscall|the|to|while|with))\s*\Z"
)
"""An end of a line with which no message ends."""
_MOST = 16
_SHORTEST = 30
"""No terminal is narrower."""
_USUAL = 80
"""From so many letters on, any width is one that windows have."""
_NARROW = frozenset((40, 50, 60, 64, 66, 70, 72, 74, 75, 76, 78))
"""Narrower widths at which terminals, mail programs and editors break lines."""
_LEAST = 4
"""So many letters of a reason show that it has begun."""
_CUT = tuple(
    (reason[:at].rstrip(), reason[at:].strip()) for reason in _REASONS for at in range(_LEAST, len(reason))
)
"""The beginnings of reasons, and what is missing of them."""
_BEGUN = tuple(cut for cut, _ in _CUT)


class Part(NamedTuple):
    """A line of a message, its number, and whether a call is looked for in it."""

    text: str
    line: int
    search: bool = True


class FoldedMessage:
    """Holds back what has come of a message that seems to go on."""

    def __init__(self) -> None:
        self._parts: list[Part] = []

    def begins(self, part: Part) -> bool:
        """Keep the beginning of a message; False for one that is whole, or is none."""
        text = part.text
        if len(text.strip()) < _LEAST or _ENDS.search(text):
            return False
        if not (_BEGINS.search(text) or _is_cut(text)):
            return False
        self._parts = [part]
        return True

    def goes_on(self, part: Part) -> bool:
        """Add a line; False if it does not belong to the message that has begun, or if none has."""
        if not self._parts or len(self._parts) >= _MOST:
            return False
        # Of what stood within another line, several may have its number.
        if part.line > self._parts[-1].line + 1 or not self._belongs(part.text):
            return False
        self._parts.append(part)
        return True

    @property
    def is_whole(self) -> bool:
        """True if the message has come to a reason, with which messages end."""
        return len(self._parts) > 1 and any(_ENDS.search(text) for text in self._joined())

    def take(self) -> list[Part]:
        """The message as one on the first of its lines, or the lines if they are none together; forgotten here."""
        joined = list(self._joined()) if len(self._parts) > 1 else []
        parts, self._parts = self._parts, []
        meant = [text for text in joined if reports_refusal(text) and told(text)]
        if not meant:
            return parts
        # Of two ways to join, the one that shows a call is right: a broken word hides it.
        return [Part(max(meant, key=_shows), parts[0].line, all(part.search for part in parts))]

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
        # No message ends with a colon, however wide its lines are.
        if len(self._parts) > 1 and last.rstrip().endswith(":"):
            return True
        lengths = [len(part.text) for part in self._parts]
        return _is_filled(lengths, text) or (not _is_another(last, text) and _did_not_fit(lengths, text))

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


def _is_filled(lengths: list[int], text: str) -> bool:
    """True if all lines so far fill one width, as a terminal breaks a text; one line alone shows no width."""
    widest = max(lengths)
    return len(lengths) > 1 and min(lengths) >= widest - 1 and len(text) <= widest + 1


def _did_not_fit(lengths: list[int], text: str) -> bool:
    """True if lines of these lengths may have been broken where the first word of the next one did not fit."""
    widest, last = max(lengths), lengths[-1]
    least, most = max(widest, len(text) - 1), last + len(text.split(" ", 1)[0])
    if len(lengths) == 1:
        return any(width >= _USUAL or width in _NARROW for width in range(least, most + 1))
    return most >= least or (last >= widest - 1 and len(text) <= widest + 1)


def _is_another(last: str, text: str) -> bool:
    """True for a line with the name of a program and a reason, which the last line does not lead to."""
    program = _OF_PROGRAM.match(text)
    if program is None or not _ENDS.search(text) or _LEADS.search(last):
        return False
    end = last[-_SHORTEST:]
    if any(map(_IN_SENTENCES.search, (program[1], f"{end}{program[1]}"))):
        return False
    # Where the two tell a call that neither does, a sentence goes on.
    return bool(_calls(text)) or not any(map(_calls, (f"{end} {text.strip()}", f"{end}{text}")))


def _calls(text: str) -> tuple[str, ...]:
    found = told(text)
    return found.calls if found else ()


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
