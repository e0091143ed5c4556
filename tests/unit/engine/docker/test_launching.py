"""A start that takes longer than its time limit, on a stand-in for an engine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from docker.errors import APIError
from requests.exceptions import ReadTimeout

from runner.engine.api import EngineTimeout, StartRefused
from runner.engine.docker import launching
from runner.engine.docker.launching import launch, launch_attached
from runner.pace import MACHINE, Work

CREATED = {"Status": "created", "StartedAt": "0001-01-01T00:00:00Z", "Error": ""}
ENDED = {"Status": "exited", "StartedAt": "2026-01-01T10:00:00Z", "Error": "", "ExitCode": 0}
FAILED = CREATED | {"Error": "no such program", "ExitCode": 127}


class Engine:
    """Answers the first start too late, and then tells these states; None for an answer that is late too."""

    endpoint = "unix:///engine"

    def __init__(self, *states: dict[str, Any] | None, again: Callable[[], None] = lambda: None) -> None:
        self._states = list(states)
        self._again = again
        self.starts = 0

    @contextmanager
    def within(self, _seconds: float) -> Iterator[None]:
        yield

    def start(self, _identity: str) -> None:
        self.starts += 1
        if self.starts == 1:
            raise ReadTimeout
        self._again()

    def inspect_container(self, _identity: str) -> dict[str, Any]:
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        if state is None:
            raise ReadTimeout
        return {"State": state}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(launching, "runtime_stands_still", lambda _identity, **_seconds: False)
    monkeypatch.setattr(launching, "kill_runtime", lambda _identity: 0)


@pytest.mark.parametrize(
    "states", [[ENDED], [CREATED, ENDED], [CREATED, CREATED, ENDED], [None, ENDED], [None, None, ENDED]]
)
def test_a_program_that_begins_after_the_limit_is_not_run_twice(states: list[dict[str, Any] | None]) -> None:
    engine = Engine(*states)
    launch(engine, "id", "lab", 60.0)
    assert engine.starts == 1


def test_a_start_that_failed_after_the_limit_is_tried_again_for_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted: list[Work] = []
    monkeypatch.setattr(MACHINE, "note", lambda work, _seconds: noted.append(work))

    def refuse() -> None:
        raise APIError("refused", explanation="no such program")

    engine = Engine(CREATED, FAILED, again=refuse)
    with pytest.raises(StartRefused, match="no such program"):
        launch(engine, "id", "lab", 60.0)
    assert engine.starts == 2
    assert Work.CONTAINER not in noted, "a failed start is no measure of the machine"


@pytest.mark.parametrize("state", [CREATED, None])
def test_one_that_does_not_begin_at_all_is_given_up(
    state: dict[str, Any] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(state)
    noted = []
    monkeypatch.setattr(MACHINE, "note", lambda work, _seconds: noted.append(work))
    with pytest.raises(EngineTimeout, match=r"after 0\.15 s"):
        launch(engine, "id", "lab", 0.05)
    assert engine.starts == 1
    assert Work.CONTAINER not in noted, "a failed start is no measure of the machine"


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runtime stands still as it is looked at, and can be ended."""
    monkeypatch.setattr(launching, "runtime_stands_still", lambda _identity, **_seconds: True)
    monkeypatch.setattr(launching, "kill_runtime", lambda _identity: 1)
    monkeypatch.setattr(launching, "has_leaderless", lambda _identity: False)
    monkeypatch.setattr(launching, "waits_of_runtime", lambda _identity: "runc in pipe_read")


@pytest.mark.usefixtures("hung")
def test_a_runtime_that_hung_is_asked_once_more(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(CREATED, FAILED)
    launch(engine, "id", "lab", 60.0)
    assert engine.starts == 2
    assert "stood still after 60 s (runc in pipe_read), and was killed; asked once more" in caplog.text


@pytest.mark.usefixtures("hung")
def test_one_that_hangs_again_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    def hang() -> None:
        raise ReadTimeout

    engine = Engine(CREATED, FAILED, CREATED, again=hang)
    with pytest.raises(EngineTimeout, match="stood still after 30 s"):
        launch(engine, "id", "lab", 60.0)
    assert engine.starts == 2
    assert caplog.text.count("asked once more") == 1


@pytest.mark.usefixtures("hung")
def test_one_whose_thread_the_profile_killed_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "has_leaderless", lambda _identity: True)
    engine = Engine(CREATED, FAILED)
    with pytest.raises(EngineTimeout, match="stood still"):
        launch(engine, "id", "lab", 60.0)
    assert engine.starts == 1


@pytest.mark.usefixtures("hung")
def test_nor_is_an_engine_that_does_not_give_up_the_start() -> None:
    engine = Engine(CREATED)
    with pytest.raises(EngineTimeout, match="stood still"):
        launch(engine, "id", "lab", 0.05)
    assert engine.starts == 1


@pytest.mark.usefixtures("hung")
def test_nor_one_whose_program_has_begun_after_all() -> None:
    engine = Engine(CREATED, ENDED)
    with pytest.raises(EngineTimeout, match="stood still"):
        launch(engine, "id", "lab", 60.0)
    assert engine.starts == 1


@pytest.mark.usefixtures("hung")
def test_an_engine_that_breaks_does_not_hide_that_the_runtime_hung() -> None:
    class Broken(Engine):
        def inspect_container(self, identity: str) -> dict[str, Any]:
            if len(self._states) == 1:
                raise APIError("broken", explanation="the database is locked")
            return super().inspect_container(identity)

    with pytest.raises(EngineTimeout, match="stood still"):
        launch(Broken(CREATED, FAILED), "id", "lab", 60.0)


@pytest.mark.usefixtures("hung")
def test_the_error_of_a_start_that_hung_is_not_that_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine tells it until the next start has ended, which may only be slow: asked again, it could run twice."""

    def slow() -> None:
        monkeypatch.setattr(launching, "runtime_stands_still", lambda _identity, **_seconds: False)
        raise ReadTimeout

    engine = Engine(CREATED, FAILED, FAILED, FAILED, ENDED, again=slow)
    launch(engine, "id", "lab", 60.0)
    assert engine.starts == 2


class Podman:
    """Creates a container for its runtime only as it is attached to, which fails the first time."""

    endpoint = "unix:///podman"

    def __init__(self) -> None:
        self.done: list[str] = []

    def hijack(self, _path: str, *, params: dict[str, Any]) -> str:
        self.done.append(f"attach logs={params['logs']}")
        if len(self.done) == 1:
            raise APIError("not yet")
        return "connection"

    def start(self, _identity: str) -> None:
        self.done.append("start")


def test_what_was_started_to_be_attached_to_is_not_started_again() -> None:
    podman = Podman()
    assert launch_attached(podman, "id", "lab", 60.0, stdin=False) == "connection"
    assert podman.done == ["attach logs=0", "start", "attach logs=1"]
