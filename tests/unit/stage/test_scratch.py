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
    be_at(folder, monkeypatch)
    return folder


def be_at(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "_base", lambda: base)
    monkeypatch.setattr(scratch, "_bases", lambda: [base])


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
        be_at(place, monkeypatch)
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
    be_at(tmp_path / "mine", monkeypatch)
    mine = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: mine + 1)
    assert sweep_scratch() == 0
    with pytest.raises(UsageError):
        new_scratch()
    assert (tmp_path / "mine/dead").is_dir()


def test_without_any_folder_there_is_nothing_to_sweep() -> None:
    assert sweep_scratch() == 0


_FULL = """
import resource
from runner.errors import WorkshopError
from runner.stage import scratch

scratch._USUAL = ()
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print(scratch.sweep_scratch())
try:
    scratch.new_scratch()
except WorkshopError as error:
    print(error.in_full())
"""


def test_without_room_for_temporary_files_the_dead_folders_go_and_no_new_one_is_made(tmp_path: Path) -> None:
    """Python then names no folder for them."""
    base = tmp_path / f"seccomp-workshop-{os.getuid()}"
    (base / "dead").mkdir(parents=True)
    base.chmod(0o700)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", _FULL], env=environment, capture_output=True, text=True, check=True
    )
    assert not (base / "dead").exists()
    assert done.stdout.splitlines() == [
        "1",
        f"no folder for temporary files can be written to: {tmp_path}",
        "  next: free some space there, or set TMPDIR to a folder with room",
    ]
