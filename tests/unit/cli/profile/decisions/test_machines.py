"""Evidence of other machines, and of programs of 32 bits."""

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.decisions.conftest import RECORD

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
