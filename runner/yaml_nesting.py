"""YAML that nests too deep, found before it is composed: libyaml composes by recursion, and ends the process then."""

import re

import yaml

_SAFE = 500
_INDENTED = re.compile(rf"(?<![ \t?:-])[ \t?:-]{{{_SAFE}}}")
"""Many blanks, or many signs that each begin a collection: without brackets, each level stands further to the right."""


def may_nest_deep(text: str) -> bool:
    """True if a text may nest too deep to be composed: a cheap test, which is false for most texts."""
    return sum(map(text.count, "[{")) > _SAFE or _INDENTED.search(text) is not None


def first_refused(text: str, loader: type, *, most_levels: int, aliases: bool) -> yaml.Event | None:
    """The first collection within `most_levels` others, or the first alias unless a text may have `aliases`.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    level = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent) and not aliases:
            return event
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
            if level > most_levels:
                return event
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
    return None
