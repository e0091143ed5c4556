"""Names of calls and functions in the words of a message."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from runner.profile.calls.spelling import MACRO, without_prefix

_NAMED = re.compile(
    r"(?:(?:syscall|system call|rule for syscall)[ :]+[\"'`]?([a-z][a-z0-9_]+))"
    r"|(?<![\w./-])(?!signal: bad)([a-z][a-z0-9_]*)"
    r"(?=\((?!e?s\))|: (?:operation not|permission|function not|bad system|EPERM\b|ENOSYS\b)| failed\b"
    r"| \((?:1|38): | `[^`\n]{1,300}`: (?:operation not|permission|function not))",
    re.IGNORECASE,
)
"""A call that a text says is one, or a function that is named as what failed, also with crun's quotes around its file.

Go writes `signal: bad system call`.
"""
_THROUGH_LIBRARY = re.compile(rf"\bsyscall\(\s*&?({MACRO})")
"""A call that a program makes through the C library's `syscall`."""
_VERBS = frozenset(
    (
        *("accept", "bind", "clone", "close", "connect", "fork", "kill", "link", "listen", "open"),
        *("poll", "read", "reboot", "rename", "select", "send", "shutdown", "splice", "sync"),
        *("truncate", "write"),
    )
)
"""Calls whose names are words for what is done, and which a sentence may name as a program does."""
_NOUNS = frozenset(
    (
        *("access", "acct", "alarm", "break", "breakpoint", "exit", "idle", "ipc", "lock", "mount"),
        *("nice", "pause", "personality", "pipe", "prof", "security", "signal", "socket", "syslog"),
        *("tee", "time", "times", "umask", "uname"),
    )
)
"""Calls whose names are words of everyday language for something else as well."""
_WORD_BEFORE = re.compile(r"([A-Za-z']+)[ \t]+[\"'`]?\Z")
_NAMES_CALL = re.compile(r"(?i)\b(?:call(?:s|ed|ing)?|function|syscall)(?: to)?[ \t]+[\"'`]?\Z")
_BEFORE_A_CALL = frozenset(("can't", "cannot", "couldn't", "during", "from", "in", "not", "on", "to"))
"""Words behind which a verb is the name of the call that failed, as in `cannot open`."""


class NameSaid(NamedTuple):
    """A name, and whether the text says of it that it is a call."""

    name: str
    is_call: bool


def names_said(text: str) -> Iterator[NameSaid]:
    """The names of calls and functions that a message gives as such; a word of a sentence is none."""
    text = _THROUGH_LIBRARY.sub(lambda match: f"{without_prefix(match[1])}(", text)
    for match in _NAMED.finditer(text):
        if match[1]:
            yield NameSaid(match[1], is_call=True)
        elif text.startswith("(", match.end()) or not _is_word(text, match):
            yield NameSaid(match[2], is_call=False)


def _is_word(text: str, match: re.Match[str]) -> bool:
    """True if a name that is a word of everyday language as well stands within a sentence as one."""
    name = match[2]
    if name not in _VERBS and name not in _NOUNS:
        return False
    # A name takes few words to introduce.
    before = text[max(match.start() - 40, 0) : match.start()]
    word = _WORD_BEFORE.search(before)
    if word is None or _NAMES_CALL.search(before):
        return False
    return name in _NOUNS or word[1].lower() not in _BEFORE_A_CALL
