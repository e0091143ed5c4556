import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.errors import UsageError
from runner.stage import scratch
from runner.stage.scratch import new_scratch, sweep_scratch
from tests.unprivileged import close, unprivileged


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "base"
    monkeypatch.setattr(scratch, "_base", lambda: folder)
    return folder


def test_the_folder_of_a_living_process_stays() -> None:
    folder = new_scratch()
    assert sweep_scratch() == 0
    assert folder.is_dir()


def test_the_folder_of_a_dead_process_goes() -> None:
    folder = new_scratch()
    print_owner = "from runner.engine.owner import Owner; print(Owner.current(), end='')"
    dead = subprocess.run([sys.executable, "-c", print_owner], capture_output=True, text=True, check=True)
    (folder / "owner").write_text(dead.stdout)
    assert sweep_scratch() == 1
    assert not folder.exists()


@pytest.mark.parametrize("owner", [None, ""], ids=["none", "empty"])
def test_the_folder_of_one_who_was_killed_before_naming_themselves_goes(owner: str | None) -> None:
    folder = new_scratch()
    (folder / "owner").unlink()
    if owner is not None:
        (folder / "owner").write_text(owner)
    assert sweep_scratch() == 1
    assert not folder.exists()


def test_a_closed_folder_of_a_dead_process_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    with unprivileged() as place:
        monkeypatch.setattr(scratch, "_base", lambda: place)
        monkeypatch.setattr("os.getuid", os.geteuid)
        (place / "dead").mkdir()
        close(place / "dead/sealed")
        assert sweep_scratch() == 1
        assert list(place.iterdir()) == []


def test_what_stays_does_not_count_and_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    (base / "dead").mkdir(parents=True)
    monkeypatch.setattr(scratch, "remove_tree", lambda _folder: PermissionError(13, "Permission denied"))
    assert sweep_scratch(said.append) == 0
    assert said == [f"cannot remove {base}/dead: permission denied"]


def test_foreign_folders_stay(base: Path) -> None:
    new_scratch()
    (base / "other").mkdir()
    (base / "other/owner").write_text("somebody")
    assert sweep_scratch() == 0
    assert (base / "other").is_dir()


@pytest.mark.parametrize("mode", [0o777, 0o720])
def test_a_base_that_others_can_have_filled_is_not_used(base: Path, mode: int) -> None:
    """Anyone could name folders there to be removed, or hold its lock for ever."""
    (base / "dead").mkdir(parents=True)
    base.chmod(mode)
    assert sweep_scratch() == 0
    assert (base / "dead").is_dir()
    with pytest.raises(UsageError, match="of this user's alone"):
        new_scratch()


def test_a_base_of_another_user_or_a_link_is_not_used(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine/dead").mkdir(parents=True)
    base.symlink_to(tmp_path / "mine")
    assert sweep_scratch() == 0
    monkeypatch.setattr(scratch, "_base", lambda: tmp_path / "mine")
    mine = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: mine + 1)
    assert sweep_scratch() == 0
    with pytest.raises(UsageError):
        new_scratch()
    assert (tmp_path / "mine/dead").is_dir()


def test_without_any_folder_there_is_nothing_to_sweep() -> None:
    assert sweep_scratch() == 0
