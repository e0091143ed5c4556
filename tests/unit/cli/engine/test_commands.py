"""`workshop clean`: its report on what it removed."""

from types import SimpleNamespace

import pytest

from runner.cli.engine import commands
from runner.cli.main import main
from runner.engine.docker.sweep import Swept
from runner.engine.private import apart, cgroup, leases
from runner.errors import EngineError, ExitCode
from runner.stage import scratch

CLASS = "removed leftovers of a killed class, with 2 of its boxes; its learners' records are kept"


@pytest.mark.parametrize(
    ("who", "said"), [("", "not running"), ("process 7", "starting, ending or hanging (process 7)")]
)
def test_an_engine_that_does_not_answer_is_told_from_none(
    who: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(leases, "status", lambda _: None)
    monkeypatch.setattr(leases, "silent_supervisor", lambda _: who)
    assert main(["engine", "status"]) == ExitCode.ENGINE
    assert capsys.readouterr().out.startswith(said)


STUCK = EngineError("it hangs", remedy="end it")


@pytest.mark.parametrize(
    ("swept", "boxes", "said"),
    [
        (Swept(), 0, ["there was nothing to remove"]),
        (Swept(containers=1, volumes=2), 0, ["removed 1 container, 2 volumes"]),
        (Swept(), 2, [CLASS]),
        (Swept(networks=1), 2, ["removed 1 network", CLASS]),
        (Swept(networks=1, failures=(STUCK,)), 0, ["removed 1 network", "it hangs", "  next: end it"]),
        (Swept(failures=(STUCK,)), 0, ["nothing could be removed", "it hangs", "  next: end it"]),
    ],
)
def test_only_removed_things_are_reported(
    swept: Swept,
    boxes: int,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine = SimpleNamespace(swept=swept, close=lambda: None)
    monkeypatch.setattr(commands, "open_chosen_engine", lambda *_: engine)
    monkeypatch.setattr(commands, "_sweep_class", lambda: boxes)
    monkeypatch.setattr(scratch, "sweep_scratch", lambda _tell: 0)
    monkeypatch.setattr(apart, "sweep", lambda _: 0)
    monkeypatch.setattr(cgroup, "sweep_groups", lambda: 0)
    assert main(["clean"]) == (ExitCode.ENGINE if swept.failures else ExitCode.OK)
    assert capsys.readouterr().err.splitlines() == said
