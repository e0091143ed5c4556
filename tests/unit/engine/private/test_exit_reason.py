"""The reason why an engine has ended, from its output and the kernel's counts."""

import json
from pathlib import Path

import pytest

from runner.ambient_limits import AmbientLimits
from runner.engine.api import Loss
from runner.engine.private import exit_reason
from runner.engine.private.exit_reason import Tally, daemon_loss, supervisor_loss, tally_of
from runner.engine.private.places import Places


@pytest.fixture(autouse=True)
def _in_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AmbientLimits, "of", lambda *_: AmbientLimits(768 * 2**20, 1000))


@pytest.mark.parametrize(
    ("status", "log", "tally", "why"),
    [
        (137, "", Tally(killed=1), "memory ran out (768 MB for all that runs here)"),
        (-9, "", Tally(killed=2, refused=3), "memory ran out"),
        (137, "", Tally(refused=5), "it was killed (signal 9)"),
        (
            2,
            "runtime: failed to create new OS thread (have 9 already; errno=11)",
            Tally(),
            "no more processes",
        ),
        (2, "runtime/cgo: pthread_create failed: Resource temporarily unavailable", Tally(), "(1000 for all"),
        (1, "", Tally(refused=1), "no more processes could be started"),
        (1, 'level=error msg="write: no space left on device"', Tally(), "its disk is full"),
        (2, 'level=info msg="a"\npanic: nil map\n', Tally(), "it ended with status 2: panic: nil map"),
        (0, "", Tally(), "it ended with status 0"),
        (0, "", Tally(killed=1), "it ended with status 0"),
    ],
)
def test_a_daemon_that_has_died(status: int, log: str, tally: Tally, why: str) -> None:
    assert why in daemon_loss(status, log, tally).told


def test_an_engine_whose_supervisor_left_no_reason() -> None:
    assert "memory ran out" in supervisor_loss(Tally(killed=1)).told
    assert "supervisor was killed" in supervisor_loss(Tally(refused=1)).told


@pytest.mark.parametrize(
    ("groups", "files"),
    [
        (
            "7:pids:/a/b\n4:memory:/a\n2:cpu,cpuacct:/\n1:name=systemd:/\n0::/\n",
            {"memory/a/memory.oom_control": "under_oom 0\noom_kill 2\n", "pids/a/pids.events": "max 3\n"},
        ),
        ("0::/a/b\n", {"a/b/memory.events.local": "oom 7\noom_kill 2\n", "a/pids.events": "max 3\n"}),
    ],
)
def test_interventions_of_the_kernel_are_counted_in_both_versions(
    tmp_path: Path, groups: str, files: dict
) -> None:
    (tmp_path / "proc/8").mkdir(parents=True)
    (tmp_path / "proc/8/cgroup").write_text(groups)
    count = tally_of(8, tmp_path / "groups", tmp_path / "proc")
    before = count()
    assert before == Tally()
    for name, text in files.items():
        (tmp_path / "groups" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "groups" / name).write_text(text)
    assert count().since(before) == Tally(killed=2, refused=3)
    assert tally_of(9, tmp_path / "groups", tmp_path / "proc")() == Tally(), "it is gone"


def test_word_is_found_of_that_engine_alone(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path)
    assert exit_reason.read(places, 7) is None
    exit_reason.write(places, 7, Loss("it was stopped", wanted=True))
    assert exit_reason.read(places, 7) == Loss("it was stopped", wanted=True)
    ended = daemon_loss(3, "", Tally())
    exit_reason.write(places, 7, ended)
    assert exit_reason.read(places, 7) == ended
    assert exit_reason.read(places, 8) is None
    exit_reason.remove(places)
    assert exit_reason.read(places, 7) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"pid": 7, "colour": "blue"})])
def test_nonsense_is_no_word(tmp_path: Path, text: str) -> None:
    (tmp_path / "ended.json").write_text(text)
    assert exit_reason.read(Places(tmp_path, tmp_path), 7) is None
