"""`runner.cli.profile.decisions.why`: the change that would allow what was denied."""

import json
import shlex
from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.decisions.conftest import MOUNT


def test_the_change_that_is_named_works(profile, tmp_path: Path, log: Path) -> None:
    changed = tmp_path / "allowed.json"
    words = ("--allow", "mount", "--allow", "personality 0x40000", "-o", changed)
    assert profile("edit", "default", *words)[0] == ExitCode.OK
    assert "denies nothing" in profile("why", log, "--profile", changed, "--arch", "amd64")[1]


SOCKET = "socket(AF_NETLINK, SOCK_RAW, 0) = -1 EPERM"
OPERATORS = ("EQ", "GE", "LE", "GT", "LT", "NE", "MASKED_EQ")


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_command_that_is_printed_works(profile, tmp_path: Path, operator: str) -> None:
    first = {
        "index": 0,
        "value": {"GT": 2, "LT": 99, "NE": 7}.get(operator, 16),
        "op": f"SCMP_CMP_{operator}",
    }
    second = {"index": 1, "value": 3, "op": "SCMP_CMP_EQ"}
    rule = {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [first | {"valueTwo": 16}, second]}
    mine, changed = tmp_path / "my.json", tmp_path / "allowed.json"
    mine.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}))
    out = profile("why", SOCKET, "--profile", mine)[1]
    command = next(line for line in out.splitlines() if line.startswith("To allow what was denied: "))
    words = shlex.split(command.partition("workshop profile ")[2])
    assert profile(*words[:-1], changed)[0] == ExitCode.OK
    assert "denies nothing" in profile("why", SOCKET, "--profile", changed)[1]
    assert ("That allows socket with any other arguments too" in out) is (operator != "EQ")


def test_a_profile_from_standard_input_is_read_from_there_again(profile) -> None:
    out = profile("why", MOUNT, "--profile", "-", stdin='{"defaultAction": "SCMP_ACT_ERRNO"}')[1]
    assert "To allow what was denied: workshop profile edit - --allow mount -o allowed.json\n" in out


def test_the_runtimes_calls_are_allowed_but_not_reported_as_seen(profile, tmp_path: Path) -> None:
    message = "docker: Error response from daemon: cannot start a stopped process: unknown"
    out = profile("why", message, "--profile", "deny")[1]
    assert "These are the runtime's own calls that the profile denies:" in out
    assert "seen on line" not in out
    command = next(line for line in out.splitlines() if line.startswith("To allow what was denied: "))
    changed = tmp_path / "allowed.json"
    words = shlex.split(command.partition("workshop profile ")[2])
    assert profile(*words[:-1], changed)[0] == ExitCode.OK
    assert "denies nothing" in profile("why", message, "--profile", changed)[1]


def test_an_edit_that_allows_a_call_with_any_arguments_says_so(profile) -> None:
    """The message shows no flags, and without them only the whole call can be allowed."""
    message = "unshare: unshare failed: Operation not permitted"
    _, out, _ = profile("why", message, "--arch", "amd64")
    unshare, clone = out.split("  clone(?)")
    assert "That allows clone with any arguments: the evidence does not show argument 0" in clone
    assert "That allows" not in unshare
