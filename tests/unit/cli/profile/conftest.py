"""The profile commands as functions."""

import io
import sys
from collections.abc import Callable

import pytest

from runner.cli.main import main

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def profile(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `workshop profile …`; gives the exit code and what was printed."""

    def run(*words: object, stdin: str | None = None) -> tuple[int, str, str]:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        try:
            code = main(["profile", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run
