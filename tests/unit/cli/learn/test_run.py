"""Where the labs do not open."""

import os
import sys

import pexpect

from runner.errors import ExitCode
from runner.shell.processes import Cookie
from runner.shell.prompt import host_environment


def test_not_in_one_of_their_own_shells() -> None:
    environment = host_environment(interactive=True) | Cookie.new().environment
    said, status = pexpect.run(
        f"{sys.executable} -m runner run",
        env=environment | {"PATH": os.environ["PATH"]},
        withexitstatus=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (status, "another terminal, or unset WORKSHOP_SHELL" in said) == (ExitCode.USAGE, True), said
