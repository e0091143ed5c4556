"""The start of a supervisor, without starting one."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from runner.engine.api import EngineTimeout
from runner.engine.private import user_scope
from runner.engine.private.control import starting
from runner.engine.private.failures import TOO_SLOW
from runner.engine.private.places import Places
from runner.errors import EngineError
from tests.unit.engine.private.control.held import held


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places.under(tmp_path)
    places.runtime.mkdir()
    return places


def started(
    places: Places, answers: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, *, obstacle: str = ""
) -> list[list[str]]:
    """The commands that an ordinary user's engine is tried to be started with, while these are the answers."""
    commands: list[list[str]] = []

    def ask(command: list[str], *_: object) -> dict[str, Any]:
        commands.append(command)
        return answers.pop(0)

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(user_scope, "obstacle", lambda: obstacle)
    monkeypatch.setattr(starting, "_ask", ask)
    starting.launch(places, time.monotonic() + 5)
    return commands


def test_it_is_started_in_a_scope_if_systemd_gives_one(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    [command] = started(places, [{"ready": True}], monkeypatch)
    assert {"--user", "--scope", "--property=Delegate=yes"} <= set(command)
    assert command[-4:] == ["--data", str(places.data), "--runtime", str(places.runtime)]


def test_it_is_started_even_if_systemd_fails(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    scoped, plain = started(places, [{}, {"ready": True}], monkeypatch)
    assert scoped[-len(plain) :] == plain


def test_without_systemd_no_scope_is_tried(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    [command] = started(places, [{"ready": True}], monkeypatch, obstacle="no systemd")
    assert "--scope" not in command


@pytest.mark.parametrize("obstacle", ["", "no systemd"])
def test_a_daemon_that_was_too_slow_is_started_again_a_few_times(
    places: Places, monkeypatch: pytest.MonkeyPatch, obstacle: str
) -> None:
    slow = {"error": f"failed to start containerd: {TOO_SLOW}"}
    assert len(started(places, [slow, {"ready": True}], monkeypatch, obstacle=obstacle)) == 2
    with pytest.raises(EngineError, match="timeout"):
        started(places, [slow] * 3, monkeypatch, obstacle=obstacle)


def test_a_scope_that_fails_only_the_second_time_is_done_without(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {"error": f"failed to start containerd: {TOO_SLOW}"}
    _, scoped, plain = started(places, [slow, {}, {"ready": True}], monkeypatch)
    assert scoped[-len(plain) :] == plain


@pytest.mark.parametrize("said", ["", "Running as unit: x.scope\n", "[]\n"])
def test_what_is_no_message_is_none(said: str, tmp_path: Path) -> None:
    command = ["printf", "%s", said]
    assert starting._ask(command, os.environ, tmp_path / "log", time.monotonic() + 60) == {}


def test_a_process_that_starts_one_for_too_long_is_named(places: Places) -> None:
    with held(places.start_lock) as pid:
        with pytest.raises(EngineTimeout, match=str(pid)) as raised, starting.start_lock(places, 0.0):
            pass
        assert f"kill {pid}" in raised.value.remedy


def test_a_supervisor_that_says_why_it_failed_is_not_tried_again(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[dict[str, Any]] = [{"error": "no room", "remedy": "make some"}, {"ready": True}]
    with pytest.raises(EngineError, match="no room") as raised:
        started(places, answers, monkeypatch)
    assert raised.value.remedy == "make some"
    assert answers == [{"ready": True}]
