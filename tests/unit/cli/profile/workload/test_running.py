"""`runner.cli.profile.workload.running`: what the program in the foreground gets of standard input."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

from runner.cli.profile.workload import running
from runner.cli.profile.workload.running import Foreground


@contextmanager
def _file(path: Path, text: str) -> Iterator[io.TextIOBase]:
    path.write_text(text)
    with path.open() as opened:
        yield opened


@contextmanager
def _pipe(_: Path, text: str) -> Iterator[io.TextIOBase]:
    end, start = os.pipe()
    os.write(start, text.encode())
    os.close(start)
    with os.fdopen(end) as opened:
        yield opened


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    monkeypatch.setattr(threading, "Thread", Mock())

    def run(source: Callable[[Path, str], Iterator[io.TextIOBase]], text: str, *, reads: bool) -> str:
        running._note_input.cache_clear()
        with source(tmp_path / "input", text) as given:
            monkeypatch.setattr("sys.stdin", given)
            for _ in range(2):
                with Foreground(Mock(tty=False, stdin=reads)) as take:
                    take(Mock())
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize("source", [_file, _pipe])
def test_input_that_the_program_does_not_get_is_told_once(said, source) -> None:
    assert said(source, "ls\n", reads=False).count("put -i before the image") == 1
    assert not said(source, "", reads=False)
    assert not said(source, "ls\n", reads=True)
