"""Parts of what `docker inspect` prints, pasted without the brackets around them, or cut off at their end."""

import re
from dataclasses import replace
from typing import NamedTuple

from runner.profile.errors import CutOffError, ProfileError
from runner.profile.holders.dialects import plain_json
from runner.profile.holders.found import PASTED_WHOLE
from runner.profile.holders.tree import MAX_CHARACTERS, Tree, read_trees
from runner.profile.model import Location

_KEY = re.compile(r'"(?:HostConfig|SecurityOpt)"\s*:')
_BEGINS = re.compile(r'(?P<lead>[\ufeff\s\]},]*)"[A-Za-z][\w.-]*"\s*:')
_OF_HOST = frozenset(("SecurityOpt", "Privileged"))
"""Members of `HostConfig`, which show that the text is a part of that."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|["\[\]{},:]|[^"\[\]{},:\s]+', re.DOTALL)
_VALUE = re.compile(r'".*"|true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?', re.DOTALL)
"""A token that is a whole value."""
_OPTION = re.compile(r'[\ufeff\s]*"seccomp[=:]')
"""An option alone, as it stands in the list."""
_CLOSERS = {"{": "}", "[": "]"}
_REST = re.compile(r"[\s\]},]*")
_TAIL = re.compile(r'(?:\s*,|(?<=[\[{:]))\s*(?:(?:"(?:[^"\\]|\\.)*"|[a-z]+|[\d.eE+-]+)\s*)?|\s*', re.DOTALL)
"""What may end a text that is cut off, and says nothing: a comma, a key, a part of a word or of a number."""


class Completed(NamedTuple):
    """The trees of a part, and the brackets that are missing at its end, "" for none."""

    trees: tuple[Tree, ...]
    missing: str


class _Scanned(NamedTuple):
    """A text up to its end, or to what does not belong to it, and the brackets that are open there."""

    text: str
    open: tuple[str, ...]


def is_fragment(text: str) -> bool:
    """True for a text that begins with a member of an object of `docker inspect`, without the object's bracket."""
    if _OPTION.match(text):
        return True
    return _BEGINS.match(text) is not None and _KEY.search(text) is not None


def completed(text: str) -> Completed | None:
    """Read a part of what `docker inspect` prints; None for a text that is none, or that is wrong elsewhere too.

    Raises:
        CutOffError: it ends within a security option.
    """
    if len(text) > MAX_CHARACTERS:
        return None
    if _OPTION.match(text):
        return _listed(text)
    if not _KEY.search(text):
        return None
    begins = _BEGINS.match(text)
    start = begins.end("lead") if begins else 0
    scanned = _scanned(text, start, ["{"] if begins else [])
    if scanned is None:
        return None
    missing = "".join(_CLOSERS[sign] for sign in reversed(scanned.open))
    try:
        before = _opening(text[:start]) if begins else ""
        trees = read_trees(plain_json(f"{before}{scanned.text}{missing}"))
    except ProfileError:
        return None
    if begins is None:
        return Completed(trees, missing)
    return Completed(tuple(map(_within_host, trees)), missing[:-1])


def _listed(text: str) -> Completed | None:
    """Read options without the list that they stand in."""
    scanned = _scanned(text, 0, ["["], of_options=True)
    if scanned is None:
        return None
    closed = "" if not scanned.open else "]"
    try:
        (tree,) = read_trees(plain_json(f"[{scanned.text}{closed}"))
    except ProfileError:
        return None
    options = Tree({"SecurityOpt": tree}, tree.line, tree.column)
    return Completed((_within_host(options),), "")


def _opening(lead: str) -> str:
    """The bracket that a part lacks, and blanks in place of what stands before that."""
    blank = re.sub(r"[^\n]", " ", lead)
    # The bracket takes the place of a blank, so that all else keeps its column.
    return (blank[:-1] if blank.endswith(" ") else blank) + "{"


def _scanned(text: str, start: int, stack: list[str], *, of_options: bool = False) -> _Scanned | None:
    """The text from `start` on without what is cut off in its end; None where brackets do not match.

    `stack` are the brackets that are open at the start, and `of_options` is true if that is in a list of options.

    Raises:
        CutOffError: it ends within a security option.
    """
    kept, end, key = start, len(text), ""
    for token in _TOKEN.finditer(text, start):
        sign = token[0]
        if sign == '"':
            if of_options:
                raise _cut_option(text, token.start())
            end = token.start()
            break
        if sign in _CLOSERS.values():
            of_options = False
            if not stack or _CLOSERS[stack.pop()] != sign:
                return None
            if not stack:
                return _Scanned(text[start : token.end()], ()) if _REST.fullmatch(text, token.end()) else None
        elif sign in _CLOSERS:
            stack.append(sign)
        elif sign == ":":
            of_options = key == '"SecurityOpt"'
        elif not _VALUE.fullmatch(sign) or (stack[-1:] == ["{"] and not text.endswith(":", start, kept)):
            key = sign
            continue
        kept = token.end()
    return _Scanned(_whole(text, start, kept), tuple(stack)) if _TAIL.fullmatch(text, kept, end) else None


def _whole(text: str, start: int, end: int) -> str:
    """A part of the text up to a bracket, a value or a colon; a key whose value is cut off has none."""
    return f"{text[start:end]}{'null' if text.endswith(':', start, end) else ''}"


def _cut_option(text: str, start: int) -> CutOffError:
    return CutOffError(
        "is cut off within the security option that begins here, so that its profile is not whole",
        at=Location.at(text, start),
        remedy=PASTED_WHOLE,
    )


def _within_host(tree: Tree) -> Tree:
    """The tree with its members where `docker inspect` has them."""
    keys = tree.value if isinstance(tree.value, dict) else {}
    if "HostConfig" in keys or _OF_HOST.isdisjoint(keys):
        return tree
    return replace(tree, value={"HostConfig": tree}, cut=None)
