"""`runner.cli.profile.decisions.machines`: evidence of other machines, and of programs of 32 bits."""

import json
import os
import subprocess
import sys

import pytest

from runner.cli.profile.decisions.machines import of_another
from runner.errors import ExitCode
from runner.profile.calls.syscalls import arch
from tests.unit.cli.profile.decisions.conftest import RECORD

AMD64 = arch("amd64")
ARM = RECORD.replace("c000003e", "c00000b7").replace("syscall=165", "syscall=40")


def test_a_record_of_another_machine_is_judged_as_there(profile, tmp_path):
    code, out, err = profile("why", ARM)
    assert code == ExitCode.OK
    assert "mount(…) on arm64, number 40: errno EPERM" in out
    assert "workshop profile edit default --allow mount" in out
    assert "the first records are of arm64, and all are judged as there" in err
    (tmp_path / "a.log").write_text(ARM + "\n")
    out, err = profile("simulate", "default", "--calls", tmp_path / "a.log")[1:]
    assert "on arm64, number 40: errno EPERM" in out
    assert "judged as there" in err
    assert "on arm64, number 40: errno EPERM" in profile("explain", "default", ARM)[1]


@pytest.mark.parametrize("command", [("why",), ("simulate", "default", "--calls")])
def test_later_records_of_this_machine_are_told(profile, tmp_path, monkeypatch, command):
    monkeypatch.setattr("runner.profile.evidence.reader.BLOCK", len(ARM) + 1)
    (tmp_path / "a.log").write_text(f"{ARM}\n{ARM}\n{RECORD}\n")
    err = profile(*command, tmp_path / "a.log")[2]
    assert "the first records are of arm64" in err
    assert "some records are of amd64, this machine, and not of arm64: judge those with --arch amd64" in err
    (tmp_path / "a.log").write_text(f"{ARM}\n{ARM}\n")
    assert "this machine" not in profile(*command, tmp_path / "a.log")[2]


def test_of_records_of_several_machines_each_stranger_is_named(profile):
    out, err = profile("why", f"{RECORD}\n{ARM}", "--arch", "amd64")[1:]
    assert "this is a call of another machine: judge it with --arch arm64" in out
    assert "judged as there" not in err


def test_calls_that_the_machine_lacks_are_said_not_to_be_judged(profile, tmp_path):
    (tmp_path / "a.log").write_text("set_tls(0xb6f) = 0\ncacheflush(0x1, 0x2, 0) = 0\nread(3) = 0\n")
    err = profile("why", tmp_path / "a.log", "--arch", "amd64")[2]
    assert "amd64 has no set_tls, cacheflush, which are not judged: judge them with --arch arm" in err


def test_calls_of_32_bit_programs_are_judged_as_theirs(profile) -> None:
    words = ("--profile", "default", "--arch", "amd64")
    _, out, err = profile("why", "vm86old(0x7) = -1 EPERM (x)", *words)
    assert "vm86old(0x7) on 386, number 113: errno EPERM" in out
    assert "note: amd64 has no vm86old: judged as of its 32-bit programs (386)" in err
    out = profile("why", "socketcall(SYS_SOCKET, [AF_INET, SOCK_STREAM, 0]) = -1 EPERM (x)", *words)[1]
    assert "Not seccomp" in out


def test_a_call_of_no_architecture_is_told_as_such() -> None:
    assert of_another(["foocall"], AMD64) == "no architecture has foocall, which is not judged"
    assert of_another(["foo", "bar"], AMD64) == "no architecture has foo, bar, which are not judged"


def test_a_call_of_another_architecture_is_told_with_it() -> None:
    assert of_another(["cacheflush"], AMD64).startswith(
        "amd64 has no cacheflush, which is not judged: judge it with --arch "
    )
    mixed = of_another(["cacheflush", "foo"], AMD64)
    assert "amd64 has no cacheflush, which is not judged: judge it with" in mixed
    assert mixed.endswith("; no architecture has foo, which is not judged")


def test_of_two_machines_that_run_each_others_programs_the_answer_is_one() -> None:
    record = "type=1326 audit(1.1:1): pid=1 arch={} syscall={} code=0x50001\n"
    records = record.format("80000008", 5000) + record.format("a0000008", 6000)
    code = (
        "from runner.cli.profile.decisions.machines import machine_of\n"
        f"print(machine_of({records.encode()!r}, 'amd64'))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert answers == {"mips64\n"}


@pytest.mark.parametrize("call", ["set_tls(0xb6f) = 0", "vm86old(0x7) = -1 EPERM (x)"])
def test_notes_on_calls_that_the_machine_lacks_are_in_the_json_too(profile, call) -> None:
    words = ("why", f"read(3) = 0\n{call}", "--arch", "amd64")
    (said,) = [line for line in profile(*words)[2].splitlines() if "amd64 has no" in line]
    assert said.removeprefix("note: ") in json.loads(profile(*words, "--json")[1])["notes"]
