"""Recordings are asciicasts of version 2."""

import json

from runner.report.asciicast import Asciicast


def lines(cast: Asciicast) -> list[object]:
    return [json.loads(line) for line in cast.text.splitlines()]


def test_the_header_has_the_required_fields():
    cast = Asciicast(columns=80, rows=24, timestamp=1_700_000_000, title="Käse", term="xterm-256color")
    [header] = lines(cast)
    assert header == {
        "version": 2,
        "width": 80,
        "height": 24,
        "timestamp": 1_700_000_000,
        "idle_time_limit": 2.0,
        "title": "Käse",
        "env": {"TERM": "xterm-256color"},
    }
    assert cast.text.endswith("}\n")


def test_output_is_text_in_the_order_of_its_time():
    """A character that comes in two pieces is whole, and a clock that goes back does not turn the order."""
    cast = Asciicast(columns=80, rows=24, timestamp=0, title="", term="dumb")
    cast.printed("ab\x1b[1m€".encode()[:-1], 0.5)
    cast.printed("€".encode()[-1:] + b"\xff\r\n", 1.25)
    cast.printed(b"c", 1.0)
    assert lines(cast)[1:] == [[0.5, "o", "ab\x1b[1m"], [1.25, "o", "€\ufffd\r\n"], [1.25, "o", "c"]]
    assert cast.seconds == 1.25
