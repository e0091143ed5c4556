"""`workshop profile generate` from files alone."""

from pathlib import Path

import pytest

from runner.cli.main import main


def test_a_file_that_is_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, profile = tmp_path / "strace.log", tmp_path / "profile.json"
    log.write_text("getpid() = 1\nexit_group(0) = ?\n")
    command = ["profile", "generate", "--from", str(log), "-o", str(profile)]
    for way in ("written", "overwritten"):
        assert main(command) == 0
        assert f"{profile}: {way}\n" in capsys.readouterr().err
    assert "getpid" in profile.read_text()
