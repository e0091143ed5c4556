"""`workshop classroom`: what is refused before any work."""

import os
from pathlib import Path

import pytest

from runner.cli.main import main


def test_what_is_no_address_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --new, the last class would be gone."""
    monkeypatch.setenv("WORKSHOP_CLASSROOM_DIR", str(tmp_path / "class"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert main(["classroom", "--new", "--address", "https://room.example/"]) == 2
    assert "not the name or the IP address" in capsys.readouterr().err
    assert not (tmp_path / "class").exists()
