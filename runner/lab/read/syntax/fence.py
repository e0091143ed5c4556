"""The info string of a fence → its language and attributes."""

import re
from typing import TYPE_CHECKING, NamedTuple

from runner.lab.model.workshop import Language
from runner.lab.read.rules import Rule
from runner.suggest import nearest

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_CONSOLE_ATTRIBUTES = ("in", "timeout")
_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    Language.CONTAINER: (),
    Language.CONSOLE: _CONSOLE_ATTRIBUTES,
    Language.CHECK: (),
    Language.SOLVE: ("in", "timeout", "file"),
    Language.HINT: (),
    Language.QUIZ: (),
}
_FILE_ATTRIBUTES = ("file", "edit")
_JOINED = re.compile(r"\W*([a-z]+)\W")
"""A language with something after it, such as `console:in`."""
_FLAGS = frozenset({"edit"})


class Info(NamedTuple):
    """The info string of a fence: its language and its attributes, with the keys that it gives again."""

    language: str
    attributes: dict[str, str]
    repeated: tuple[str, ...] = ()

    @property
    def acts(self) -> bool:
        """True if the fence is one of the workshop's blocks."""
        return self.language in _ATTRIBUTES or "file" in self.attributes


def read_info(info: str) -> Info:
    """Read an info string; `check_info` says what is wrong with it."""
    words = info.split()
    language = words.pop(0) if words and "=" not in words[0] else ""
    attributes: dict[str, str] = {}
    repeated = []
    for word in words:
        key, equals, value = word.partition("=")
        if key in attributes:
            repeated.append(key)
        attributes[key] = value if equals else ""
    return Info(language, attributes, tuple(repeated))


def check_info(source: "Source", info: Info, line: int) -> None:
    """Report unknown and repeated attributes, and a misspelt language."""
    for key in info.repeated:
        source.report(Rule.UNKNOWN_ATTRIBUTE, f"attribute {key!r} is given twice", line)
    if not info.acts:
        _check_slips(source, info, line)
    for key in info.attributes if info.acts else ():
        if problem := _attribute_problem(info, key):
            source.report(Rule.UNKNOWN_ATTRIBUTE, problem, line)


def _attribute_problem(info: Info, key: str) -> str:
    known = _ATTRIBUTES.get(info.language, _FILE_ATTRIBUTES)
    value = info.attributes[key]
    if key not in known:
        close = nearest(key, known)
        hint = f" (did you mean {close!r}?)" if close else f"; known: {', '.join(known) or 'none'}"
        return f"a {info.language or 'file'!r} fence has no attribute {key!r}{hint}"
    if key in _FLAGS:
        return f"attribute {key!r} takes no value" if value else ""
    if value[:1] in {'"', "'"}:
        return f"the value of {key!r} is written without quotes"
    return "" if value else f"attribute {key!r} needs a value: {key}=…"


def _check_slips(source: "Source", info: Info, line: int) -> None:
    """Report a fence that its author probably meant to act, since it would silently be prose."""
    if info.language and (close := nearest(info.language.casefold(), _ATTRIBUTES, cutoff=0.8)):
        source.report(
            Rule.UNKNOWN_FENCE, f"a {info.language!r} fence is prose (did you mean {str(close)!r}?)", line
        )
    for key in info.attributes:
        joined = _JOINED.match(key)
        if joined and joined[1] in _ATTRIBUTES:
            message = f"a fence {key!r} is prose; write {joined[1]!r}, a blank, and then its attributes"
            source.report(Rule.UNKNOWN_FENCE, message, line)
        elif key in _CONSOLE_ATTRIBUTES:
            message = f"attribute {key!r} is for a 'console' fence, and this one is prose"
            source.report(Rule.UNKNOWN_ATTRIBUTE, message, line)
        elif close := nearest(key, _FILE_ATTRIBUTES, cutoff=0.7):
            need = "needs file=NAME" if key == close else f"is unknown (did you mean {close!r}?)"
            source.report(Rule.UNKNOWN_ATTRIBUTE, f"attribute {key!r} {need}", line)
