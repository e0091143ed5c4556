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
