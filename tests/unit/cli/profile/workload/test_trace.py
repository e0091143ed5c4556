"""`runner.cli.profile.workload.trace`: what is told of the program that was watched."""

import argparse

import pytest

from runner.cli.profile.workload.trace import _read
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
