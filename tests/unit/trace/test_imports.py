"""The calls that a program could make are read from its ELF file."""

import sys
from pathlib import Path

import pytest

from runner.trace.imports import imported, why_not_looked_into


def test_a_shell_could_fork_and_open_and_kill():
    found = dict(imported(Path("/bin/sh").resolve().read_bytes()))
    assert {"fork", "open", "kill"} <= set(found) or {"vfork", "open", "kill"} <= set(found)
    assert "openat" in found["open"]
    assert "exit_group" not in found


def test_the_interpreter_is_read_in_reasonable_time():
    assert dict(imported(Path(sys.executable).resolve().read_bytes())) is not None


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF", b"\x7fELF" + b"\xff" * 200])
def test_other_files_import_nothing(content):
    assert list(imported(content)) == []


def test_it_is_said_of_which_files_nothing_is_known():
    assert why_not_looked_into(Path("/bin/sh").resolve().read_bytes()) == ""
    assert why_not_looked_into(b"\x7fELF" + bytes(200)).startswith("a static program")
    assert why_not_looked_into(b"#!/bin/sh\n").startswith("a script")
    assert why_not_looked_into(b"") == "its file could not be read"
