"""Parts of what `docker inspect` prints, pasted without the brackets around them, or cut off at their end."""

import re
from dataclasses import replace
from typing import NamedTuple

from runner.profile.errors import CutOffError, ProfileError
from runner.profile.holders.dialects import plain_json
from runner.profile.holders.tree import MAX_CHARACTERS, Tree, read_trees
from runner.profile.model import Location

_KEY = re.compile(r'"(?:HostConfig|SecurityOpt)"\s*:')
_BEGINS = re.compile(r'(?P<lead>[\ufeff\s\]},]*)"[A-Za-z][\w.-]*"\s*:')
_OF_HOST = frozenset(("SecurityOpt", "Privileged"))
"""Members of `HostConfig`, which show that the text is a part of that."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|["\[\]{}]', re.DOTALL)
_OPTION = re.compile(r'[\ufeff\s]*"seccomp[=:]')
"""An option alone, as it stands in the list."""
_CLOSERS = {"{": "}", "[": "]"}
_COLON = re.compile(r"\s*:")
_REST = re.compile(r"[\s\]},]*")
_TAIL = re.compile(r'(?:(?<=[{,])\s*"(?:[^"\\]|\\.)*"|[a-z]+|[\s,]+)\Z')
"""What may end a text that is cut off, and says nothing: a key, a part of a word, a comma."""
_WHOLE_WORDS = ("true", "false", "null")
_STEP = "paste it whole, or what `docker inspect --format '{{json .HostConfig.SecurityOpt}}' NAME` prints"


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
    for token in _TOKEN.finditer(text, start):
        sign = token[0]
        if sign in _CLOSERS:
            stack.append(sign)
        elif sign in _CLOSERS.values():
            of_options = False
            if not stack or _CLOSERS[stack.pop()] != sign:
                return None
            if not stack:
                ended = _REST.fullmatch(text, token.end())
                return _Scanned(text[start : token.end()], ()) if ended else None
        elif sign == '"':
            if of_options:
                raise _cut_option(text, token.start())
            return _Scanned(_without_tail(text[start : token.start()]), tuple(stack))
        elif _COLON.match(text, token.end()):
            of_options = sign == '"SecurityOpt"'
    return _Scanned(_without_tail(text[start:]), tuple(stack))


def _without_tail(text: str) -> str:
    """The text without a word, a key or a comma at its end that is not whole; a key without a value gets none."""
    while (tail := _TAIL.search(text)) and tail[0] not in _WHOLE_WORDS:
        text = text[: tail.start()]
    return f"{text}null" if text.endswith(":") else text


def _cut_option(text: str, start: int) -> CutOffError:
    return CutOffError(
        "is cut off within the security option that begins here, so that its profile is not whole",
        at=Location.at(text, start),
        remedy=_STEP,
    )


def _within_host(tree: Tree) -> Tree:
    """The tree with its members where `docker inspect` has them."""
    keys = tree.value if isinstance(tree.value, dict) else {}
    if "HostConfig" in keys or _OF_HOST.isdisjoint(keys):
        return tree
    return replace(tree, value={"HostConfig": tree}, cut=None)
