"""Lines between a learner's app and a class."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.record.event import CheckTried, Event, Known, Trial, Unknown, data_of, happening
from runner.record.notice import (
    Demo,
    DemoFrame,
    Mirroring,
    Notice,
    Nudge,
    Pace,
    Pause,
    TextRow,
    TextRun,
    Welcome,
)
from runner.record.wire import (
    LONGEST_LINE,
    BadLineError,
    Hello,
    Ping,
    Sent,
    decode,
    decode_notice,
    encode,
    encode_notice,
)

TRIED = Event(
    learner="ada",
    workshop="w",
    lab="l",
    step="s",
    time=5.0,
    happening=CheckTried("c", Trial.BROKEN, "é", asked=True),
)


@pytest.mark.parametrize("said", [Hello("r", 1.5), Ping("disk full"), Sent(3, TRIED)])
def test_lines_of_an_app_arrive(said):
    assert decode(encode(said).rstrip(b"\n"), "ada") == said


def test_a_line_cannot_name_its_learner():
    """The class knows who speaks by the channel."""
    line = json.loads(encode(Sent(3, TRIED)))
    line["event"]["learner"] = "mallory"
    assert decode(json.dumps(line).encode(), "ada") == Sent(3, TRIED)


@pytest.mark.parametrize(
    "told",
    [
        Welcome("A class", "Grace", None, Mirroring.ASK),
        Welcome("A class", received=4, mirror=Mirroring.NO),
        Nudge("Look at step 2", hint=True),
        Pace(None),
        Pace(2, waiting=True),
        Pause(on=True, text="Lunch"),
        Demo(on=False),
        DemoFrame(80, 24, (TextRow((TextRun("$ ls", "bold fg=2"),)), TextRow())),
    ],
)
def test_lines_of_a_class_arrive(told: Notice):
    assert decode_notice(encode_notice(told)) == told


def test_a_newer_versions_notice_is_left_out():
    assert decode_notice(b'{"version":1,"notice":"confetti","data":{}}') is None


def test_every_kind_of_event_survives_the_record():
    """Each kind has a unique name, and can be restored from its record."""
    samples = {"str": "x", "int": 1, "bool": True, "Trial": Trial.FAILED}
    kinds = Known.__args__
    assert len({kind.kind for kind in kinds}) == len(kinds)
    for kind in kinds:
        fields = {field.name: field.type for field in dataclasses.fields(kind)}
        value = kind(**{name: samples[getattr(type_, "__name__", type_)] for name, type_ in fields.items()})
        assert happening(value.kind, data_of(value)) == value


def test_unknown_events_are_kept():
    assert happening("passed", {"check": 3}) == Unknown("passed", {"check": 3})
    assert data_of(Unknown("passed", {"check": 3})) == {"check": 3}


EVENT = {"workshop": "w", "lab": "l", "step": "", "time": 1, "kind": "alive", "data": {}}
GOOD = {
    "version": 1,
    "number": 1,
    "event": {"workshop": "w", "lab": "l", "step": "", "time": 1, "kind": "alive", "data": {}},
}


def altered(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def altered_event(**changes: object) -> bytes:
    return altered(event={**EVENT, **changes})


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{" * 16_000,
        b"[" * 16_000,
        b'{"version":1}',
        altered(version=2),
        altered(version=True, number=0),
        altered(number=0),
        altered(number=-1),
        altered(number=2**70),
        altered(number=True),
        altered(number="1"),
        altered(event=[]),
        altered_event(time="now"),
        altered_event(time=True),
        altered_event(data=[]),
        altered_event(lab=None),
        altered_event(lab="x" * 201),
        altered_event(lab="a\x1b[2J"),
        altered_event(data={"text": "\ud800"}),
        altered().replace(b'"time": 1', b'"time": NaN'),
        altered().replace(b'"time": 1', b'"time": 1e999'),
        altered_event(data={"text": "x" * LONGEST_LINE}),
        b'{"version":1,"hello":{}}',
        b'{"version":1,"hello":{"record":7}}',
        b'{"version":1,"ping":null}',
    ],
)
def test_an_invalid_line_is_refused(line):
    with pytest.raises(BadLineError):
        decode(line, "ada")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_understood(line):
    try:
        decode(line, "ada")
        decode_notice(line)
    except BadLineError:
        pass


@pytest.mark.parametrize(
    "line",
    [b"x", b'{"version":1,"notice":"pause","data":{"on":"yes"}}', b'{"version":1,"notice":"nudge","data":3}'],
)
def test_an_invalid_notice_is_refused(line):
    with pytest.raises(BadLineError):
        decode_notice(line)
