"""A file in the place of an image: the command that reads it is named, before any engine is asked."""

from pathlib import Path

import pytest

from runner.cli.main import main


@pytest.mark.parametrize("command", [("generate",), ("trace",), ("test", "--profile", "default")])
def test_a_file_is_no_image(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "strace.log"
    log.write_text("getpid() = 1\n")
    assert main(["profile", *command, str(log)]) == 2
    err = capsys.readouterr().err
    assert "strace.log is a file, and no image" in err
    assert f"`workshop profile generate --from {log}`" in err


def test_an_image_of_the_same_name_can_be_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "myapp").touch()
    monkeypatch.chdir(tmp_path)
    assert main(["profile", "trace", "myapp"]) == 2
    assert "name an image (one of this name as myapp:latest)" in capsys.readouterr().err
