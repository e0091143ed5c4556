"""TOML text → a tree; lines are found by searching for each key, since `tomllib` does not keep them."""

import re
import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from runner.lab.read.rules import Rule
from runner.lab.read.syntax.tree import NUL, Items, Node, Scalar, Table

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def parse_toml(source: "Source") -> Table | None:
    """Read the whole source as TOML; None after reporting the reason why it cannot be read."""
    try:
        data = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at and at[1] else len(source.lines)
        source.report(Rule.BAD_TOML, f"not valid TOML: {_AT.sub('', str(error))}", line)
        return None
    if "\\u0000" in source.text and _holds_nul(data):
        source.report(Rule.BAD_VALUE, NUL, 1 + source.text[: source.text.index("\\u0000")].count("\n"))
        return None
    return _table(data, source.lines, 1)


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def _table(data: dict[str, Any], lines: list[str], first: int) -> Table:
    table = Table({}, {}, first)
    for key, value in data.items():
        headers = _headers(key, value, lines)
        line = headers[0] if headers else _line_of(key, lines, first, header=isinstance(value, dict))
        table.entries[key] = (
            Items([_table(item, lines, at) for item, at in zip(value, headers, strict=True)], line)
            if headers
            else _node(value, lines, line)
        )
        table.lines[key] = line
    return table


def _headers(key: str, value: Any, lines: list[str]) -> list[int]:
    """The line where each table of an array of tables begins; [] if the value is not such an array."""
    if not (isinstance(value, list) and value and all(isinstance(item, dict) for item in value)):
        return []
    pattern = re.compile(rf"\s*\[\[\s*[\"']?{re.escape(key)}[\"']?\s*\]\]")
    found = [number for number, line in enumerate(lines, 1) if pattern.match(line)]
    return found if len(found) == len(value) else []


def _line_of(key: str, lines: list[str], first: int, *, header: bool) -> int:
    """The first line from `first` on that assigns `key`, or opens a table of that name; else `first`."""
    name = rf"[\"']?{re.escape(key)}[\"']?"
    pattern = re.compile(rf"\s*\[+\s*{name}\s*[\].]" if header else rf"\s*{name}\s*=")
    return next(
        (number for number, line in enumerate(lines[first - 1 :], first) if pattern.match(line)), first
    )


def _node(value: Any, lines: list[str], line: int) -> Node:
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
