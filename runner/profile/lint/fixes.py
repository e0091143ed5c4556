"""Edits of a profile's text that leave the rest of it unchanged."""

from collections.abc import Iterable

from runner.profile.finding import Edit
from runner.profile.source.json_text import Document, Member, Members, Node, fold


def replace_value(document: Document | None, path: str, value: object) -> tuple[Edit, ...]:
    """Replace the value at `path`."""
    node = document.find(path) if document is not None else None
    return () if node is None else (Edit(node.start, node.end, _json(value)),)


def replace_member(
    document: Document | None, parent: str, key: str, new: tuple[str, object]
) -> tuple[Edit, ...]:
    """Replace the key and value of a member of the object at `parent`."""
    members = _members(document, parent)
    found = _find(members, key)
    if found is None:
        return ()
    member = members[found]
    written = f"{_json(new[0])}: {_json(new[1])}"
    return (Edit(member.start, member.node.end, written),)


def remove_member(document: Document | None, parent: str, key: str) -> tuple[Edit, ...]:
    """Remove a member from the object at `parent`, with its comma."""
    members = _members(document, parent)
    found = _find(members, key)
    if found is None:
        return ()
    spans = [(member.start, member.node.end) for member in members]
    return (_removal(spans, found),)


def remove_item(document: Document | None, path: str, index: int) -> tuple[Edit, ...]:
    """Remove an item from the array at `path`, with its comma."""
    node = document.find(path) if document is not None else None
    if node is None or not isinstance(node.value, list) or index >= len(node.value):
        return ()
    return (_removal([(item.start, item.end) for item in node.value], index),)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits; of two that overlap, only the first in the text is made."""
    pieces, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start >= position:
            pieces += [text[position : edit.start], edit.text]
            position = edit.end
    return "".join([*pieces, text[position:]])


def _json(value: object) -> str:
    from json import dumps  # noqa: PLC0415 - slow to import, and most profiles need no fix

    return dumps(value, ensure_ascii=False)


def _removal(spans: list[tuple[int, int]], index: int) -> Edit:
    if index + 1 < len(spans):
        return Edit(spans[index][0], spans[index + 1][0], "")
    return Edit(spans[index - 1][1] if index else spans[index][0], spans[index][1], "")


def _members(document: Document | None, path: str) -> tuple[Member, ...]:
    node: Node | None = None
    if document is not None:
        node = document.find(path) if path else document.root
    return node.value if node is not None and isinstance(node.value, Members) else ()


def _find(members: tuple[Member, ...], key: str) -> int | None:
    matching = [index for index, member in enumerate(members) if fold(member.key) == fold(key)]
    return matching[-1] if matching else None
