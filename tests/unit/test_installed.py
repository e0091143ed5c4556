"""The folders of installed workshops."""

import os
import time
from pathlib import Path

import pytest

from runner.installed import UNFINISHED, installed, installed_as, installed_folder, sweep


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def made(name: str) -> Path:
    folder = installed_folder() / name
    folder.mkdir(parents=True)
    (folder / "workshop.toml").write_text("")
    return folder


def test_an_unfinished_folder_is_not_installed():
    kept = made("kept")
    for name in (".new-abc", ".old-kept"):
        made(name)
        assert installed_as(name) is None
    assert installed() == (kept,)


def test_abandoned_folders_are_removed():
    """Another installing may be under way."""
    old, new, kept = made(f"{UNFINISHED}old"), made(f"{UNFINISHED}new"), made("kept")
    yesterday = time.time() - 2 * 24 * 3600
    for folder in (old, kept):
        os.utime(folder, (yesterday, yesterday))
    sweep()
    assert not old.exists()
    assert new.exists()
    assert kept.exists()


def test_a_workshop_that_was_being_replaced_comes_back():
    """The installation was killed, once before the new workshop was in place, and once after."""
    made(".old-lost")
    made(".old-replaced")
    new = made("replaced")
    sweep()
    assert installed() == (installed_folder() / "lost", new)
    assert not list(installed_folder().glob(".*"))
