"""TOML text → a tree; lines are found by searching for each key, since `tomllib` does not keep them."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from runner.lab.read.rules import Rule
from runner.lab.read.syntax.tree import NUL, Items, Node, Scalar, Table

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_NAME = r"(?:\"([^\"]*)\"|'([^']*)'|([^\s=.\"'\[\]]+))"
_KEY = re.compile(rf"\s*{_NAME}\s*=")
_TABLE = re.compile(rf"\s*\[+\s*{_NAME}\s*[\].]")
_ARRAY = re.compile(rf"\s*\[\[\s*{_NAME}\s*\]\]")
_STRING = re.compile(
    r"""
    \#[^\n]* | '''.*?''''{0,2} | '[^'\n]*'  # neither comments nor literal strings have escapes
    | (?P<basic> \"""(?:\\.|[^\\])*?\"""\"{0,2} | "(?:\\.|[^"\\\n])*" )
    """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:(?P<nul>u0000|U00000000)|.)", re.DOTALL)
_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def parse_toml(source: "Source") -> Table | None:
    """Read the whole source as TOML; None after reporting the reason why it cannot be read."""
    try:
        data = tomllib.loads(source.text)
        nul = _holds_nul(data)
        table = _table(data, _Lines(source.lines), 1)
    except RecursionError:
        source.report(Rule.BAD_TOML, "not valid TOML: nested too deeply", 1)
        return None
    except (tomllib.TOMLDecodeError, ValueError) as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at and at[1] else len(source.lines)
        source.report(Rule.BAD_TOML, f"not valid TOML: {_AT.sub('', str(error))}", line)
        return None
    if nul:
        source.report(Rule.BAD_VALUE, NUL, _line_of_nul(source.text))
        return None
    return table


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def _line_of_nul(text: str) -> int:
    """The line of the first NUL in a text or a key, which TOML takes as an escape alone."""
    for string in _STRING.finditer(text):
        for escape in _ESCAPE.finditer(string["basic"] or ""):
            if escape["nul"]:
                return 1 + text.count("\n", 0, string.start() + escape.start())
    return 1


class _Lines:
    """The numbers of the lines where keys, tables and arrays of tables begin, by name; found in one pass."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._keys: dict[str, list[int]] = {}
        self._tables: dict[str, list[int]] = {}
        self._arrays: dict[str, list[int]] = {}
        for number, line in enumerate(lines, 1):
            for pattern, found in ((_KEY, self._keys), (_TABLE, self._tables), (_ARRAY, self._arrays)):
                if match := pattern.match(line):
                    name = next(part for part in match.groups() if part is not None)
                    found.setdefault(name, []).append(number)

    def of_array(self, key: str) -> list[int]:
        """The line where each table of an array of tables begins."""
        return self._arrays.get(key, [])

    def of(self, key: str, first: int, *, table: bool) -> int:
        """The first line from `first` on that assigns `key`, or opens a table of that name; else `first`."""
        numbers = (self._tables if table else self._keys).get(key, [])
        at = bisect_left(numbers, first)
        return numbers[at] if at < len(numbers) else first


def _table(data: dict[str, Any], lines: _Lines, first: int) -> Table:
    table = Table({}, {}, first)
    for key, value in data.items():
        headers = _headers(key, value, lines)
        line = headers[0] if headers else lines.of(key, first, table=isinstance(value, dict))
        table.entries[key] = (
            Items([_table(item, lines, at) for item, at in zip(value, headers, strict=True)], line)
            if headers
            else _node(value, lines, line)
        )
        table.lines[key] = line
    return table


def _headers(key: str, value: Any, lines: _Lines) -> list[int]:
    """The line where each table of an array of tables begins; [] if the value is not such an array."""
    if not (isinstance(value, list) and value and all(isinstance(item, dict) for item in value)):
        return []
    found = lines.of_array(key)
    return found if len(found) == len(value) else []


def _node(value: Any, lines: _Lines, line: int) -> Node:
    if isinstance(value, dict):
        return _table(value, lines, line)
    if isinstance(value, list):
        return Items([_node(item, lines, line) for item in value], line)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", "bool", line)
    if isinstance(value, int):
        return Scalar(str(value), "int", line)
    if isinstance(value, float):
        return Scalar(str(value), "float", line)
    if isinstance(value, date | datetime | time):
        return Scalar(value.isoformat(), "str", line)
    return Scalar(str(value), "str", line)
