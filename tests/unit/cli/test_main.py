"""The end of the command when nobody reads its output."""

import os
import subprocess
import sys

import pytest

from runner.cli.main import main

INTERRUPTED = """
import sys
from types import SimpleNamespace
from runner.cli import main


def run(_arguments):
    print("what is still in the buffer")
    raise KeyboardInterrupt


main._parser = lambda _word: SimpleNamespace(parse_args=lambda _words: SimpleNamespace(run=run))
sys.exit(main.main(["list"]))
"""


@pytest.mark.parametrize("gone", ["stdout", "stderr", "both"])
def test_an_interrupt_sets_the_exit_code_even_if_the_terminal_is_gone(gone: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    streams = {
        name: writing if gone in {name, "both"} else subprocess.DEVNULL for name in ("stdout", "stderr")
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], env=environment, check=False, **streams)
    os.close(writing)
    assert done.returncode == 130


def test_a_reader_that_goes_away_is_no_interrupt() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "runner", "profile", "resolve", "default"]
    done = subprocess.run(words, check=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_the_version_is_data(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert not ended.value.code
    assert capsys.readouterr().out.startswith("workshop ")
