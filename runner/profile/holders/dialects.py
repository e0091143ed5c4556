"""Texts that are nearly JSON or YAML: templates, and JSON with comments."""

import re

from runner.profile.errors import ProfileError, TemplateError
from runner.profile.holders.tree import Tree, read_trees
from runner.profile.model import Location

_PLACEHOLDER = re.compile(r"\{\{-?[ \t]*[^{}\s]")
# One that does not end goes on to the end of its line or of the text, so that a search stays linear.
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"?|//[^\n]*|(?m:^[ \t]*)#[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_LAST_COMMA = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"?|,(?=\s*[}\]])')
_DEVCONTAINER = '"runArgs"'
FILLED_IN = "give what is made of it, such as `helm template` prints"
"""What to do about a template."""


def trees_of(text: str) -> tuple[Tree, ...]:
    """The documents of a text; one of a development container may have comments and commas before brackets.

    Raises:
        ProfileError: it is neither JSON nor YAML, or a template of such a text.
    """
    try:
        return read_trees(text)
    except ProfileError as error:
        if _DEVCONTAINER not in text:
            raise template_error(text) or error from None
    return read_trees(plain_json(text))


def plain_json(text: str) -> str:
    """The text with blanks in place of comments and of commas before a closing bracket: all else keeps its place."""
    plain = _COMMENT.sub(lambda match: match[0] if match[0][0] == '"' else _blank(match[0]), text)
    return _LAST_COMMA.sub(lambda match: match[0] if match[0][0] == '"' else " ", plain)


def template_error(text: str, within: str = "") -> TemplateError | None:
    """The error for a text with placeholders, or for one whose part `within` has some; None for another one."""
    placeholder = _PLACEHOLDER.search(within or text)
    if placeholder is None:
        return None
    start = placeholder.start()
    if within:
        line = within[within.rfind("\n", 0, start) + 1 :].partition("\n")[0]
        # The text may write the part with escapes.
        start = max(text.find(line), 0) + (_PLACEHOLDER.search(line) or placeholder).start()
    return TemplateError(
        "is a template, with a placeholder here",
        at=Location.at(text, start),
        remedy=FILLED_IN,
    )


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
