"""Traces from files: what `generate --from` reads."""

import json
from pathlib import Path

import pytest

from runner.cli.profile.workload.evidence_file import read_evidence_file
from runner.profile.evidence.reader import BLOCK
from runner.trace.saved import write_trace
from runner.trace.trace import Trace, TracedCall

LONG = "x" * 4000


def _counts(trace: Trace) -> dict[str, int]:
    return {call.name: call.count for call in trace.calls}


def _wrapped(name: str) -> str:
    return json.dumps({"log": f'{name}(3, "{LONG}", 4000) = 4000\n', "stream": "stderr"}) + "\n"


def test_a_wrapped_log_of_many_blocks_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "container-json.log"
    times = BLOCK // len(LONG) + 100
    path.write_text(_wrapped("read") * times + _wrapped("ptrace") * 3)
    assert _counts(read_evidence_file(str(path))) == {"read": times, "ptrace": 3}


def test_a_trace_longer_than_a_block_is_known_as_one(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    trace = Trace(
        arch="amd64", calls=(TracedCall(name="read", arch="amd64", count=7),), names=(LONG,) * (BLOCK // 4000)
    )
    path.write_text(write_trace(trace))
    assert path.stat().st_size > BLOCK
    assert read_evidence_file(str(path)) == trace


def test_calls_of_a_log_that_only_failed_as_denied_ones_do_are_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "strace.log"
    log.write_text(
        'openat(3, "a", 0) = -1 EPERM (Operation not permitted)\nopenat(3, "b", 0) = 4\n'
        "unshare(CLONE_NEWUSER) = -1 EPERM (Operation not permitted)\n"
        'access("/x", R_OK) = -1 ENOENT (No such file or directory)\nexit_group(0) = ?\n'
    )
    read_evidence_file(str(log))
    told = [line for line in capsys.readouterr().err.splitlines() if "failed" in line]
    assert len(told) == 1
    assert "allowed now: unshare (`edit --remove` leaves them out)" in told[0]
