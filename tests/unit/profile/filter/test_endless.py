"""Rules that libseccomp never finishes with, and only those, become an error quickly."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import ExitCode
from runner.pace import MACHINE
from runner.profile import libseccomp
from runner.profile.calls.syscalls import AMD64_TOKEN, arch
from runner.profile.errors import SimulationError
from runner.profile.filter import trial
from runner.profile.filter.endless import endless, may_loop
from runner.profile.filter.simulate import compile_filter
from runner.profile.importers.imported import profile as make_profile
from runner.profile.importers.imported import rule
from runner.profile.model import Action, Arg, OciRule, OciSeccomp, Operator, Target
from runner.profile.resolve import resolve
from runner.profile.source.oci import oci_json

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="libseccomp is Linux's")

AMD64 = arch("amd64")
BIG = Arg(0, 1, Operator.GT)
FIRST, SECOND = (BIG, Arg(1, 0, Operator.EQ)), (BIG, Arg(2, 0, Operator.EQ))


def oci(*conditions: tuple[Arg, ...], action: Action = Action.ALLOW) -> OciSeccomp:
    found = resolve(
        make_profile(Action.ERRNO, [rule(["chmod"], action, args=args) for args in conditions]), Target()
    )
    assert found is not None
    return found


def test_an_endless_rule_is_an_error_that_says_which_and_what_to_do(tmp_path: Path) -> None:
    """In a separate process, so that this test ends whatever the command does."""
    file = tmp_path / "profile.json"
    file.write_text(json.dumps(oci_json(oci((Arg(1, 5, Operator.EQ),), FIRST, SECOND))))
    command = [sys.executable, "-m", "runner", "profile", "simulate", str(file), "chmod"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == ExitCode.USAGE
    assert "never finishes with the rule on chmod" in done.stderr
    assert "syscalls[2]" in done.stderr
    assert "put this rule before the others on chmod" in done.stderr


def test_the_remedy_works() -> None:
    compile_filter(oci(SECOND, FIRST), AMD64)


def test_the_rule_is_named_by_its_index() -> None:
    rules = (OciRule(("read",), Action.ALLOW, None, ()), *oci(FIRST, SECOND).rules)
    whole = replace(oci(), rules=rules)
    assert [(found.name, found.index) for found in endless(whole, (AMD64,))] == [("chmod", 2)]


@pytest.mark.parametrize(
    "rules",
    [
        (FIRST,),
        ((Arg(0, 1, Operator.EQ), FIRST[1]), (Arg(0, 1, Operator.EQ), SECOND[1])),
        ((Arg(0, 1, Operator.GT), FIRST[1]), (Arg(0, 2, Operator.GT), SECOND[1])),
        ((Arg(3, 1, Operator.GT), FIRST[1]), (Arg(3, 1, Operator.GT), SECOND[1])),
    ],
    ids=["one rule", "an equality", "another value", "the inequality comes last"],
)
def test_other_rules_take_no_process(rules, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "stuck_at", lambda *_, **__: pytest.fail("tried"))
    compile_filter(oci(*rules), AMD64)


def test_rules_with_the_defaults_action_are_left_out_as_the_runtime_does() -> None:
    assert not may_loop(oci(FIRST, SECOND, action=Action.ERRNO))


def test_the_process_ends_itself_when_its_processor_time_is_up() -> None:
    """Not by its parent's kill, which would not happen if the parent were killed first."""
    conditions = ((0, 6, 1, 0), (1, 4, 0, 0)), ((0, 6, 1, 0), (2, 4, 0, 0))
    additions = [(0x7FFF0000, args) for args in conditions]
    number = libseccomp.native_number("fchmod")
    assert number is not None
    started = time.monotonic()
    assert trial.stuck_at(0x50001, [AMD64_TOKEN], number, additions) == 1
    assert time.monotonic() - started < MACHINE.stretched(trial._WALL_SECONDS)
    assert trial.stuck_at(0x50001, [AMD64_TOKEN], number, additions[::-1]) is None


def test_a_trial_that_fails_is_an_error_with_its_last_words(monkeypatch):
    monkeypatch.setattr(trial, "_CHILD", "raise OSError('no library')")
    with pytest.raises(SimulationError, match="ended with status 1: OSError: no library"):
        trial.stuck_at(0x50001, [AMD64_TOKEN], 90, [])
