"""Where the labs do not open."""

import os
import sys

import pexpect
import pytest

from runner.errors import ExitCode
from runner.pace import MACHINE
from runner.shell.processes import Cookie


@pytest.mark.parametrize("words", [["run"], ["join", "https://192.0.2.7:8443/"]])
def test_not_in_one_of_their_own_shells(words: list[str]) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "runner", *words],
        env=os.environ | Cookie.new().environment,
        encoding="utf-8",
        timeout=MACHINE.stretched(60),
    )
    child.expect(pexpect.EOF)
    child.close()
    assert "another terminal, or unset WORKSHOP_SHELL" in child.before
    assert child.exitstatus == ExitCode.USAGE
