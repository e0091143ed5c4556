"""The grammar of strace's lines: the prefix, the call and its result.

The prefix holds, in this order and each only if strace was asked for it: the process and its name, an SELinux context,
one or two times, the call's number, and the instruction pointer.
"""

import re
from errno import errorcode
from typing import NamedTuple

RESULT = r"\)[ \t]+= (?:-?\d|0x|\?)"
"""The end of a call's arguments, and the beginning of its result."""
PREFIX = (
    rb"[ \t]*(?>(?:\[[^\]\n]*\]|\(\+[^)\n]*\)|/\*[^*\n]*\*/"
    rb"|\d[\d:.]*(?:<[^>\n]*>)?(?=[ \t]))[ \t]*)*+"
)
ROW = re.compile(
    rb"(" + PREFIX + rb")(<\.\.\. )?((?:[a-zA-Z_]|0x[0-9a-f])[a-zA-Z0-9_]*)(?:\(| resumed>)(.*)\n|(.*)\n"
)
"""A line: the prefix, whether the call is resumed, its name or its number and the rest; or one that is no call."""

_PROCESS = re.compile(rb"\s*(?:\[pid\s+(\d{1,10})(?:<([^>\n]*)>)?|(\d{1,10})(?:<([^>\n]*)>)?[ \t])")
_UNFINISHED = "<unfinished ...>"
_CUT = r"(.*?),?[ \t]*strace: Process \d+ attached\Z"
"""strace's message about a new process stands in the middle of the call that created it."""
_ATTACHED = re.compile(rb"strace: Process (\d{1,10}) attached\s*\Z")
_COMPLETE = re.compile(r"(.*)\)[ \t]*=[ \t]*(.*)\Z", re.DOTALL)
_ERRNO = re.compile(r"(?:-1|\?) (E[A-Z0-9]+)\b")
NAMED_ERROR = re.compile(rb"=[ \t]*(?:-1|\?)[ \t]+(?:E[A-Z]|errno=)")
"""A result that ltrace does not write: it knows no error by its name."""
_ERRNO_NUMBER = re.compile(r".*\berrno=(\d{1,3}) \(")
"""An error as QEMU's and gVisor's traces have it."""
_OPENERS = {"(": ")", "[": "]", "{": "}"}


class Tail(NamedTuple):
    """The part after a call's opening bracket: the arguments, and the result if the line has one.

    `unfinished` if the result comes on a later line, `whole` if nothing is missing on the line.
    """

    args: str
    result: str = ""
    errno: str = ""
    unfinished: bool = False
    whole: bool = False


def process(prefix: bytes) -> tuple[int | None, str]:
    """The process and its name in a prefix; None and "" if there is none."""
    match = _PROCESS.match(prefix)
    if not match:
        return None, ""
    return int(match[1] or match[3]), (match[2] or match[4] or b"").decode("utf-8", "replace")


def attached(line: bytes) -> int | None:
    """The process that is traced from now on, as strace tells at the end of a line; None if it tells no such thing."""
    found = _ATTACHED.search(line) if line.rstrip().endswith(b" attached") else None
    return int(found[1]) if found else None


def tail(rest: str) -> Tail:
    """Split the part after a call's opening bracket."""
    rest = rest.rstrip()
    if rest.endswith(_UNFINISHED):
        begun = rest.removesuffix(_UNFINISHED).rstrip(" \t").removesuffix(",")
        return Tail(begun, unfinished=True, whole=True)
    if rest.endswith(" attached") and (cut := re.match(_CUT, rest, re.DOTALL)):
        return Tail(cut[1], unfinished=True, whole=True)
    complete = _COMPLETE.match(rest)
    if complete is None:
        return Tail(rest.removesuffix(")"))
    return Tail(complete[1], complete[2], _errno(complete[2]), whole=True)


def _errno(result: str) -> str:
    """The name of the error in a call's result; "" if it has none."""
    if named := _ERRNO.match(result):
        return named[1]
    numbered = _ERRNO_NUMBER.match(result) if "errno=" in result else None
    return errorcode.get(int(numbered[1]), "") if numbered else ""


def split_args(text: str) -> tuple[str, ...]:
    """The arguments of a call, as printed."""
    if not text.strip():
        return ()
    if not any(mark in text for mark in '"[{(<'):
        return tuple(part.strip() for part in text.split(","))
    parts, start, index, closers = [], 0, 0, list[str]()
    while index < len(text):
        character = text[index]
        if character == '"':
            index = _after_string(text, index)
            continue
        if text.startswith("/*", index):
            end = text.find("*/", index)
            index = len(text) if end < 0 else end + 2
            continue
        if character == "<" and index and text[index - 1].isalnum() and not text.startswith("<<", index):
            index = _after_decoration(text, index)
            continue
        if character in _OPENERS:
            closers.append(_OPENERS[character])
        elif closers and character == closers[-1]:
            closers.pop()
        elif character == "," and not closers:
            parts.append(text[start:index].strip())
            start = index + 1
        index += 1
    return (*parts, text[start:].strip())


def _after_string(text: str, index: int) -> int:
    index += 1
    while index < len(text) and text[index] != '"':
        index += 2 if text[index] == "\\" else 1
    return index + 1


def _after_decoration(text: str, index: int) -> int:
    """The end of what `-y` and `-yy` write behind a file's number; a path in it may have any character but a quote."""
    start, depth = index, 0
    while index < len(text):
        if text[index] == '"':
            index = _after_string(text, index)
            continue
        if text[index] == "<":
            depth += 1
        elif text[index] == ">" and text[index - 1] != "-":
            depth -= 1
            if not depth:
                return index + 1
        index += 1
    end = text.find(">", start)
    return len(text) if end < 0 else end + 1
