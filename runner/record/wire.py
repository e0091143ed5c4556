"""Events and notices as lines of JSON, between a learner's app and a class."""

import json
from dataclasses import dataclass
from typing import Any

from runner.errors import WorkshopError
from runner.record.codec import packed, unpacked
from runner.record.event import Event, data_of, happening
from runner.record.notice import Notice, notice

VERSION = 1
LONGEST_LINE = 16 * 1024
"""Bytes of a line to the class, its end included; longer ones are refused."""
LONGEST_NOTICE = 512 * 1024
"""Bytes of a line from the class; a screen is the longest."""
LONGEST_NAME = 200
"""The largest number of characters of an id or a kind."""
_LARGEST_NUMBER = 2**62


class BadLineError(WorkshopError):
    """A line that does not follow the protocol; the message says why."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The first line of a connection; `record` is the id of the learner's own record, `time` their clock's."""

    record: str
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class Ping:
    """A sign of life from the app; `trouble` is the reason why it cannot store events, "" for none."""

    trouble: str = ""
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """An event with its number in the learner's own record."""

    number: int
    event: Event


ToClass = Hello | Ping | Sent


def encode(line: ToClass) -> bytes:
    """A line to the class. It names no learner: the class knows the sender by the channel."""
    match line:
        case Hello():
            return _line({"hello": packed(line)})
        case Ping():
            return _line({"ping": packed(line)})
        case Sent(number, event):
            return _line({"number": number, "event": _described(event)})


def decode(line: bytes, learner: str) -> ToClass:
    """The message in a line from a learner's app.

    Raises:
        BadLineError: the line does not follow the protocol.
    """
    if len(line) > LONGEST_LINE:
        raise BadLineError(f"a line of more than {LONGEST_LINE} bytes")
    found = _object(line)
    try:
        if "hello" in found:
            hello = unpacked(Hello, found["hello"])
            _bounded(hello.record, "record")
            return hello
        if "ping" in found:
            return unpacked(Ping, found["ping"])
        number = found.get("number")
        if type(number) is not int or not 0 < number < _LARGEST_NUMBER:
            raise BadLineError("an event without a number")
        return Sent(number, _event(found.get("event"), learner))
    except ValueError as error:
        raise BadLineError(str(error)) from error


def encode_notice(told: Notice) -> bytes:
    """A line from the class."""
    return _line({"notice": told.kind, "data": packed(told)})


def decode_notice(line: bytes) -> Notice | None:
    """The notice in a line from the class; None for a kind of a newer version.

    Raises:
        BadLineError: the line does not follow the protocol.
    """
    if len(line) > LONGEST_NOTICE:
        raise BadLineError(f"a line of more than {LONGEST_NOTICE} bytes")
    found = _object(line)
    try:
        return notice(str(found.get("notice")), found.get("data"))
    except ValueError as error:
        raise BadLineError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Envelope:
    workshop: str
    lab: str
    step: str
    time: float
    kind: str


def _described(event: Event) -> dict[str, Any]:
    envelope = _Envelope(event.workshop, event.lab, event.step, event.time, event.happening.kind)
    return {**packed(envelope), "data": data_of(event.happening)}


def _event(found: object, learner: str) -> Event:
    envelope = unpacked(_Envelope, found)
    assert isinstance(found, dict)
    data = found.get("data")
    if not isinstance(data, dict):
        raise BadLineError("an event without data")
    for name in ("workshop", "lab", "step", "kind"):
        _bounded(getattr(envelope, name), name)
    return Event(
        learner=learner,
        workshop=envelope.workshop,
        lab=envelope.lab,
        step=envelope.step,
        time=envelope.time,
        happening=happening(envelope.kind, data),
    )


def _bounded(text: str, name: str) -> None:
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise BadLineError(f"{name} is not a name")


def _line(content: dict[str, Any]) -> bytes:
    text = json.dumps({"version": VERSION, **content}, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace") + b"\n"


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8"))
        # A lone surrogate, which JSON can write, is no text.
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BadLineError("a line that is not JSON") from error
    if not isinstance(found, dict):
        raise BadLineError("a line that is not an object")
    if found.get("version") != VERSION:
        raise BadLineError(f"version {str(found.get('version'))[:20]}, and this is version {VERSION}")
    return found
