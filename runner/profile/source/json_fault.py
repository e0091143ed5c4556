"""Diagnosis of invalid JSON, placed where the missing character belongs."""

import re
from dataclasses import dataclass

from runner.language import tr
from runner.profile.source.foreign_syntax import comments_only_lead, whole, written

_BLANKS = " \t\n\r"
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_KEY = re.compile(_STRING.pattern + r"\s*:")
_SHOWN = 30
_UTF16 = re.compile(r"\ufffd{0,2}(?:[\s!-~]\0|\0[\s!-~])")
"""The beginning of a text in UTF-16 that was read as UTF-8."""
_ARRAY = "the array opened on line {line}"
_OBJECT = "the object opened on line {line}"
_NAMES = {"[": ("]", _ARRAY), "{": ("}", _OBJECT)}


@dataclass(frozen=True, slots=True)
class Inside:
    """The array or object that was being read: the offsets of its opening bracket and of the ends of its items."""

    opener: int
    ends: tuple[int, ...] = ()


def diagnose(text: str, position: int, expected: str, inside: Inside | None = None) -> tuple[int, str]:
    """Return the offset of the fault, and a description for the text's author.

    The text at `position` is not valid there; `expected` names what JSON allows.
    """
    while position < len(text) and text[position] in _BLANKS:
        position += 1
    in_object = inside is not None and text[inside.opener] == "{"
    foreign = written(text, position, in_object=in_object) if position < len(text) else None
    missing = _missing(text, position, inside) if inside and not foreign else None
    return foreign or missing or (position, _plain(text, position, expected))


def _missing(text: str, position: int, inside: Inside) -> tuple[int, str] | None:
    """The character that is missing before `position`, if any: it belongs after the last good item."""
    closer, template = _NAMES[text[inside.opener]]
    opened = tr(template, line=_line(text, inside.opener))
    end = inside.ends[-1] if inside.ends else inside.opener + 1
    comma = text[end:position].strip(_BLANKS) == ","
    if position >= len(text):
        return position, tr(
            "the file ends too early: '{closer}' is missing for {opened}", closer=closer, opened=opened
        )
    found = text[position]
    if found in "]}" and found != closer:
        line = _line(text, position)
        return (
            end,
            tr(
                "'{closer}' is missing here: {opened} is not closed before the '{found}' on line {line}",
                closer=closer,
                opened=opened,
                found=found,
                line=line,
            ),
        )
    if closer == "]":
        return _missing_in_array(text, position, inside, opened, comma=comma)
    return _missing_in_object(text, position, end, opened, comma=comma)


def _missing_in_array(
    text: str, position: int, inside: Inside, opened: str, *, comma: bool
) -> tuple[int, str] | None:
    end = inside.ends[-1] if inside.ends else inside.opener + 1
    if text[position] == ":" and inside.ends:
        # The last item is in fact the key of the value after the array.
        before = inside.ends[-2] if len(inside.ends) > 1 else inside.opener + 1
        name = text[before:end].strip(_BLANKS + ",")
        return before, tr(
            "']' is missing here: {opened} is not closed before the key {key}",
            opened=opened,
            key=_short(name),
        )
    if comma or not inside.ends:
        return None
    if _KEY.match(text, position):
        key = _STRING.match(text, position)
        shown = _short(key[0]) if key else ""
        return end, tr(
            "']' and ',' are missing here: {opened} is not closed before the key {key}",
            opened=opened,
            key=shown,
        )
    if _begins_value(text, position):
        return end, tr(
            "',' is missing here, between two items of the array opened on line {line}",
            line=_line(text, inside.opener),
        )
    return None


def _missing_in_object(
    text: str, position: int, end: int, opened: str, *, comma: bool
) -> tuple[int, str] | None:
    found = text[position]
    if found == "{":
        line = _line(text, position)
        said = (
            tr(
                "'{closer}' is missing here: {opened} is not closed before the '{found}' on line {line}",
                closer="}",
                opened=opened,
                found="{",
                line=line,
            )
            if comma
            else tr(
                "'{closer}' and ',' are missing here: {opened} is not closed before the '{found}' on line {line}",
                closer="}",
                opened=opened,
                found="{",
                line=line,
            )
        )
        return end, said
    if not comma and _KEY.match(text, position):
        key = _STRING.match(text, position)
        return end, tr("',' is missing here, before the key {key}", key=_short(key[0]) if key else "")
    return None


def _begins_value(text: str, position: int) -> bool:
    character = text[position]
    return character in "[{-" or character.isdigit() or _STRING.match(text, position) is not None


def _plain(text: str, position: int, expected: str) -> str:
    if position >= len(text):
        if not text.strip(_BLANKS):
            return tr("the file is empty")
        return tr("the file ends too early: {expected}", expected=expected)
    rest = text[position : position + 2]
    if of_file := _of_file(text, position):
        return of_file
    if (rest in ("//", "/*") or rest[0] == "#") and not comments_only_lead(text, position):
        return tr('JSON has no comments; a rule has a "comment" key for them')
    if rest[0] == "'":
        return tr("JSON quotes with double quotes, not single ones")
    if rest[0] == '"' and not _STRING.match(text, position):
        return tr("this string does not end on its line, or holds a control character or a bad escape")
    if rest[0] in "]}" and text[:position].rstrip(_BLANKS).endswith(","):
        return tr("a comma before '{closer}'; JSON allows none after the last item", closer=rest[0])
    if not rest[0].isprintable() or rest[0] == "\ufffd":
        return tr(
            "not JSON: {expected}, found the byte or character {character}",
            expected=expected,
            character=ascii(rest[0]),
        )
    string = _STRING.match(text, position)
    found = _short(string[0]) if string else repr(rest[0])
    return tr("not JSON: {expected}, found {found}", expected=expected, found=found)


def _of_file(text: str, position: int) -> str | None:
    """What is wrong with a file as a whole; None if nothing is."""
    if _UTF16.match(text):
        return tr(
            "the file is UTF-16, which Docker refuses; save it as UTF-8 without a byte order mark: "
            "`iconv -f UTF-16 -t UTF-8 OLD > NEW`, or in PowerShell 7 "
            "`Get-Content OLD | Set-Content -Encoding utf8NoBOM NEW`"
        )
    if text[position] == "\ufeff":
        return tr(
            "the file starts with a byte order mark, which Docker refuses; save it as UTF-8 without one"
        )
    return whole(text)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _short(string: str) -> str:
    return string if len(string) <= _SHOWN else f'{string[:_SHOWN]}…"'
