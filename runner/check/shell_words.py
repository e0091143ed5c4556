"""Splits a shell's command line into words and operators, by POSIX rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATOR = re.compile(r"&&|\|\||\|&|;;|[;&|()\n]")
_REDIRECTION = re.compile(r"(?:[0-9]*|&)(?:>>|>\||>&|<&|<>|<<<|[<>](?![(]))&?-?|&>>?")
_HEREDOC = re.compile(
    r"[0-9]*<<(?!<)(?P<tabs>-?)[ \t]*(?P<word>(?:'[^']*'|\"[^\"]*\"|\\.|[^\s;&|()<>'\"\\])+)"
)
_BLANK = re.compile(r"(?:[ \t]|\\\n)+")


DEEPEST = 30
"""The number of brackets in each other that are read."""


class UnreadableLineError(ValueError):
    """The text is not a whole command line, since a quote or a bracket is not closed, or is too deeply nested."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or an operator, and its place; `substitutes` is true if a word runs commands itself."""

    text: str
    start: int
    end: int
    operator: bool = False
    redirection: bool = False
    substitutes: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Split `text` into words and operators, without comments and the bodies of here-documents.

    Raises:
        UnreadableLineError: a quote or a bracket is not closed, or there are too many in each other.
    """
    at = 0
    bodies: list[tuple[str, bool]] = []
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
        elif text[at] == "#":
            at = _end_of_line(text, at)
        elif heredoc := _HEREDOC.match(text, at):
            bodies.append((re.sub(r"['\"\\]", "", heredoc["word"]), bool(heredoc["tabs"])))
            at = heredoc.end()
        elif redirection := _REDIRECTION.match(text, at):
            yield Token(redirection[0], at, redirection.end(), redirection=True)
            at = redirection.end()
        elif operator := _OPERATOR.match(text, at):
            yield Token(operator[0], at, operator.end(), operator=True)
            at = operator.end()
            while bodies and operator[0] == "\n":
                at = _after_body(text, at, *bodies.pop(0))
        else:
            end, substitutes = _word(text, at)
            yield Token(text[at:end], at, end, substitutes=substitutes)
            at = end


def _word(text: str, at: int) -> tuple[int, bool]:
    """The end of the word that starts at `at`, and True if the word substitutes a command."""
    substitutes = False
    while at < len(text):
        character = text[at]
        if text.startswith(("$(", "<(", ">("), at):
            at, substitutes = _closing(text, at + 1), True
        elif character == "`":
            at, substitutes = _quoted(text, at, "`"), True
        elif text.startswith("${", at):
            at = _until(text, at + 2, "}")
        elif text.startswith("$'", at):
            at = _quoted(text, at + 1, "'", escapes=True)
        elif character == "'":
            at = _quoted(text, at, "'", escapes=False)
        elif character == '"':
            end = _quoted(text, at, '"')
            substitutes = substitutes or "$(" in text[at:end] or "`" in text[at:end]
            at = end
        elif character == "\\":
            at += 2
        elif character in " \t\n;&|()<>":
            break
        else:
            at += 1
    return min(at, len(text)), substitutes


def _quoted(text: str, at: int, quote: str, *, escapes: bool = True, depth: int = 0) -> int:
    """The end of the quotation that opens at `at`, within `depth` others."""
    at += 1
    while at < len(text) and text[at] != quote:
        if quote == '"' and text.startswith("$(", at):
            at = _closing(text, at + 1, depth + 1)
        else:
            at += 2 if escapes and text[at] == "\\" else 1
    if at >= len(text):
        raise UnreadableLineError(f"{quote} is not closed")
    return at + 1


def _until(text: str, at: int, end: str) -> int:
    found = text.find(end, at)
    if found < 0:
        raise UnreadableLineError(f"{end} is missing")
    return found + 1


def _closing(text: str, at: int, within: int = 0) -> int:
    """The end of the bracket that opens at `at`, within so many others."""
    if within > DEEPEST:
        raise UnreadableLineError("too many quotes and brackets in each other")
    depth, start = 0, at
    while at < len(text):
        character = text[at]
        if character in "'\"`":
            at = _quoted(text, at, character, escapes=character != "'", depth=within)
            continue
        depth += {"(": 1, ")": -1}.get(character, 0)
        at += 2 if character == "\\" else 1
        if depth == 0:
            return at
    raise UnreadableLineError(f"the bracket at {start} is not closed")


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _after_body(text: str, at: int, word: str, tabs: bool) -> int:
    """The end of the here-document's body that begins at `at`."""
    while at < len(text):
        end = _end_of_line(text, at)
        line, at = text[at:end], min(end + 1, len(text))
        if (line.lstrip("\t") if tabs else line) == word:
            break
    return at
