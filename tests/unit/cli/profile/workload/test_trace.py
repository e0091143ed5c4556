"""`runner.cli.profile.workload.trace`: what is told of the program that was watched."""

import argparse
from pathlib import Path

import pytest

from runner.cli.profile.workload.trace import _read, raw_log
from runner.errors import EngineError
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.recorder import Recorder
from runner.trace.watch import Watch

LOG = b'1 execve("/bin/sh", ["sh"], 0x7 /* 1 vars */) = 0\n1 exit_group(3) = ?\n'


class _Strace:
    def log(self):
        yield LOG

    def remove(self):
        pass


def _gone() -> int:
    raise EngineError("no such container")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (lambda: 3, ("the program exited with 3",)),
        (lambda: 0, ()),
        (lambda: None, ()),
        (_gone, ()),
        (None, ()),
    ],
)
def test_a_program_that_ends_with_a_fault_is_told(status, told) -> None:
    recorder = Recorder(Simulation.of_text("{}", Target()), gated=True)
    arguments = argparse.Namespace(seconds=None)
    assert _read(Watch(_Strace(), recorder), recorder, arguments, None, names=(), status=status).notes == told


def test_a_log_that_is_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "strace.log"
    for way in ("written", "overwritten"):
        with raw_log(str(log)) as write:
            write(LOG)
        assert capsys.readouterr().err == f"{log}: {way}\n"
    assert log.read_bytes() == LOG
