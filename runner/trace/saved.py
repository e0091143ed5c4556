"""Traces as JSON, written and read again."""

import json
import re
from collections.abc import Mapping
from typing import Any

from runner.errors import UsageError
from runner.json_value import json_value
from runner.profile.calls.syscalls import MAX_ARGS, WORD_MASK
from runner.profile.calls.syscalls import arch as find_arch
from runner.trace.trace import Began, Trace, TracedCall

FORMAT = 1
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z|#-?\d{1,10}\Z")
_MOST = 2**64 - 1
"""The largest value of an argument, and of a count."""
_LEAST_NUMBER = -(2**31)
"""The least number of a call: programs may use any, and libseccomp has negative ones of its own."""
_MOST_ERRNO = 4095
_LONGEST_SHOWN = 60
_REMEDY = "name a file that `workshop profile trace --format json` wrote"


def write_trace(trace: Trace) -> str:
    """The trace as JSON."""
    data = {
        "trace": FORMAT,
        "arch": trace.arch,
        "began": trace.began.value,
        "runs": trace.runs,
        "names": list(trace.names),
        "seconds": round(trace.seconds, 3),
        "programs": list(trace.programs),
        "denied": dict(trace.denied),
        "notes": list(trace.notes),
        "calls": [_call_json(call) for call in trace.calls],
    }
    return json.dumps(data, indent=1) + "\n"


def read_trace(text: str | bytes) -> Trace | None:
    """Read a trace that `write_trace` wrote; None for a text that is not a trace.

    Raises:
        UsageError: it is a trace, but damaged or in a later format.
    """
    if b"trace" not in (text if isinstance(text, bytes) else text.encode()):
        return None
    try:
        data = json_value(text)
    except ValueError:
        return None
    if not isinstance(data, dict) or "trace" not in data or "calls" not in data:
        return None
    if data["trace"] != FORMAT:
        raise UsageError(f"a trace of format {data['trace']!r}, and {FORMAT} is known", remedy=_REMEDY)
    try:
        return Trace(
            arch=_arch(data["arch"]),
            calls=tuple(_call(call) for call in _list(data["calls"])),
            began=Began(data["began"]),
            programs=_texts(data["programs"]),
            denied={_text(name): _whole(number, _MOST_ERRNO) for name, number in data["denied"].items()},
            seconds=_seconds(data["seconds"]),
            runs=_whole(data["runs"]),
            names=_texts(data["names"]),
            notes=_texts(data["notes"]),
        )
    except KeyError as error:
        raise UsageError(f"a damaged trace: it has no {error}", remedy=_REMEDY) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"a damaged trace: {error}", remedy=_REMEDY) from error


def _call_json(call: TracedCall) -> dict[str, Any]:
    return {
        "name": call.name,
        "number": call.number,
        "arch": call.arch,
        "count": call.count,
        "errors": dict(call.errors),
        "first": list(call.first),
        "last": list(call.last),
        "values": list(call.values),
        "more": call.more,
    }


def _call(data: Mapping[str, Any]) -> TracedCall:
    name = _text(data["name"])
    if not _NAME.match(name):
        raise ValueError(f"{_shown(name)} is not the name of a call")
    return TracedCall(
        name=name,
        arch=_arch(data["arch"]),
        count=_whole(data["count"]),
        number=None if data["number"] is None else _whole(data["number"], WORD_MASK, least=_LEAST_NUMBER),
        errors={_text(errno): _whole(count) for errno, count in data["errors"].items()},
        first=_args(data["first"]),
        last=_args(data["last"]),
        values=tuple(_whole(value, _MOST) for value in _list(data["values"])),
        more=_boolean(data["more"]),
    )


def _args(values: Any) -> tuple[int | None, ...]:
    found = _list(values)[:MAX_ARGS]
    return tuple(None if value is None else _whole(value, _MOST) for value in found)


def _whole(value: Any, most: int = _MOST, *, least: int = 0) -> int:
    """A whole number; JSON as Python reads it also has `Infinity` and `NaN`."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{_shown(value)} is not a whole number from {least:,} to {most:,}")
    return value


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= _MOST:
        raise ValueError(f"{_shown(value)} is not a duration in seconds")
    return float(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{_shown(value)} is neither true nor false")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{_shown(value)} is not a list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{_shown(value)} is not a text")
    value.encode()  # JSON can hold half a character
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, _list(value)))


def _arch(value: Any) -> str:
    try:
        return find_arch(_text(value)).go
    except UsageError as error:
        raise ValueError(str(error)) from error


def _shown(value: Any) -> str:
    """A value of JSON, shortened, for a message."""
    text = json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
