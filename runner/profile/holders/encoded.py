"""Profiles that stand in a file in base64, in an address, or among the text of a script or a page."""

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator

from runner.profile.holders.found import Held
from runner.profile.holders.part import part
from runner.profile.holders.tree import Tree, first_sign
from runner.profile.model import Location

_ADDRESS = re.compile(r"data:(?P<kind>[^,]{0,200}),(?P<data>.*)", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_OBJECT = re.compile(r'\{(?=\s*"[A-Za-z$]\w*"\s*:)')
_MOST_OBJECTS = 40
_LONGEST = 1 << 20


def decoded(encoded: str, tree: Tree) -> Tree:
    """A profile as swarm services and the binary data of manifests encode it."""
    try:
        return Tree(base64.b64decode(encoded, validate=True).decode(), tree.line, tree.column)
    except ValueError:
        return Tree(None, tree.line, tree.column)


def in_address(tree: Tree) -> Tree | None:
    """The text in an address that holds its data itself, as Ignition writes a file; None for another value."""
    found = _ADDRESS.fullmatch(tree.value) if isinstance(tree.value, str) else None
    if found is None:
        return None
    if found["kind"].endswith(";base64"):
        return decoded(urllib.parse.unquote(found["data"]), tree)
    return Tree(urllib.parse.unquote(found["data"]), tree.line, tree.column)


def in_base64(tree: Tree) -> Tree | None:
    """The text of a value in base64; None for a value that is not, or that holds no text."""
    text = "".join(tree.value.split()) if isinstance(tree.value, str) else ""
    if not _BASE64.fullmatch(text):
        return None
    found = decoded(text, tree)
    return found if found.value else None


def amid_text(text: str) -> Iterator[Held]:
    """The profiles in JSON that stand amid a text of another kind: in a script, a program or a page."""
    if len(text) > _LONGEST or '"defaultAction"' not in text or first_sign(text) in "{[":
        return
    decoder, end = json.JSONDecoder(), 0
    for count, opening in enumerate(_OBJECT.finditer(text)):
        start = opening.start()
        if count >= _MOST_OBJECTS:
            return
        if start < end:
            continue
        try:
            value, after = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and "defaultAction" in value:
            end = after
            at = Location.at(text, start)
            yield Held("", f"line {at.line}", part=part(Tree(None, at.line, at.column, (text, start, after))))
