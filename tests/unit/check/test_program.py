"""The program that a simple command calls."""

import pytest

from runner.check.program import program_of


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("strace -f true", "strace"),
        ("/usr/bin/strace true", "strace"),
        ("A=1 B+=2 strace true", "strace"),
        ("A=/usr/bin/x strace", "strace"),
        ("sudo env A=1 strace true", "strace"),
        ("exec time nohup ./lab", "lab"),
        ("! command strace", "strace"),
        ("./a=b/strace", "strace"),
        ("[ $A = 1 ]", "["),
        ("A=1", ""),
        ("sudo", ""),
        ("", ""),
    ],
)
def test_it_stands_behind_assignments_and_what_runs_it(text, program):
    assert program_of(text) == program
