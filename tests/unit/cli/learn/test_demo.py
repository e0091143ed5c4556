"""The content of a demonstration's recording, and the end of one that fails."""

import json
import sys
from pathlib import Path

import pytest

from runner.cli.learn import demo
from runner.cli.main import main

PLAYED = """
import sys, time
out = sys.stdout.buffer
out.write("\\x1b[?1049hlesson €".encode()); out.flush()
for byte in b"\\x1b[?1049lafter the app":
    out.write(bytes([byte])); out.flush(); time.sleep(0.002)
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture
def played(monkeypatch):
    """Replaces the demonstration by a program that ends with the given status."""

    def play(status: int) -> None:
        monkeypatch.setattr(demo, "_command", lambda _: [sys.executable, "-c", PLAYED, str(status)])

    return play


def test_a_recording_ends_where_the_app_does(played, tmp_path: Path, capsys):
    played(0)
    assert main(["demo", "check", "--record", str(tmp_path / "a.cast"), "--size", "100x30"]) == 0
    header, *events = map(json.loads, (tmp_path / "a.cast").read_text().splitlines())
    assert (header["version"], header["width"], header["height"]) == (2, 100, 30)
    assert header["title"] == "Is seccomp there?"
    assert all(code == "o" and isinstance(text, str) for _, code, text in events)
    times = [time for time, _, _ in events]
    assert times == sorted(times)
    shown = "".join(text for _, _, text in events)
    assert shown.startswith("\x1b[?1049hlesson €")
    assert "after" not in shown
    assert "a.cast" in capsys.readouterr().err


def test_a_demonstration_that_fails_is_no_recording(played, tmp_path: Path, capsys):
    played(3)
    assert main(["demo", "check", "--record", str(tmp_path / "a.cast")]) == 3
    assert "after the app" in capsys.readouterr().err
    assert not (tmp_path / "a.cast").exists()


def test_one_that_fails_before_it_begins_says_why(tmp_path: Path, capsys):
    words = ["--engine", "unix:relative.sock", "--record", str(tmp_path / "a.cast")]
    assert main(["demo", "check", *words]) == 2
    assert "unix:relative.sock" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chek"], "there is no lab 'chek' (did you mean check?)"),
        (["99"], "there is no lab '99'\n  next: `workshop list` shows the ids and numbers"),
        (["1"], "a demo needs a terminal"),
        (["deny", "--workshop", "seccomp"], "a demo needs a terminal"),
        (["check"], "a demo needs a terminal"),
        (["check", "--record", "/nowhere/a.cast"], "there is no folder /nowhere"),
    ],
)
def test_a_lab_that_cannot_be_played_is_refused(words, message, capsys):
    assert main(["demo", *words]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--size", "120"], ["--size", "9x9"], ["--speed", "0"], ["--speed", "nan"]]
)
def test_sizes_and_speeds_are_numbers_that_can_be(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["demo", "check", *words])
    assert ended.value.code == 2
    assert words[1] in capsys.readouterr().err
