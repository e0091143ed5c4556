"""A class's settings, kept until it is over."""

import json
import os
from pathlib import Path

import pytest

from runner.classroom.settings import Marks, Settings
from runner.errors import WorkshopError

SET = Settings(
    "A class", "Grace", 2, ("a.example:1", "b.example:1"), "ABCD-2345", "WXYZ-6789", 22, Marks("AA", "B")
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "chown", lambda *_: None)
    SET.write(tmp_path, reader=1)
    return tmp_path / "class.json"


def test_what_is_written_is_read(file: Path) -> None:
    assert Settings.read(file.parent) == SET
    file.unlink()
    assert Settings.read(file.parent) is None


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"hosts": "x"}, {"marks": []}, {"seats": "2"}, {"code": None}]
)
def test_settings_of_no_version_are_an_error(file: Path, change: dict[str, object]) -> None:
    content = json.loads(file.read_bytes()) | change
    file.unlink()
    file.write_text(json.dumps(content))
    with pytest.raises(WorkshopError, match="not what this version writes") as refused:
        Settings.read(file.parent)
    assert "--new" in refused.value.remedy


@pytest.mark.parametrize("content", ["", "[]", "{}", "[" * 100_000], ids=["none", "list", "empty", "deep"])
def test_damaged_settings_are_an_error(file: Path, content: str) -> None:
    file.unlink()
    file.write_text(content)
    with pytest.raises(WorkshopError, match="not what this version writes"):
        Settings.read(file.parent)
