"""Which lines of a log the reader keeps as messages about a refusal."""

import time

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import reports_refusal
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    "noise", ["[Server thread/INFO]: tick", "sandbox ready", "took 159 ms", "seccomp on"]
)
def test_a_refusal_is_kept_among_thousands_of_ordinary_lines(noise: str) -> None:
    refusal = "chmod: changing permissions of 'x': Operation not permitted"
    log = "\n".join([*(f"{noise} {number}" for number in range(1500)), refusal])
    assert [(found.line, found.text) for found in read_evidence(log, AMD64).messages] == [(1501, refusal)]


@pytest.mark.parametrize(
    "line",
    ["Starting server thread", "hostname: web-1", "Loaded seccomp filter (level 1)", "main thread ready"],
)
def test_a_line_of_success_is_no_message_of_a_refusal(line: str) -> None:
    assert read_evidence(line, AMD64).messages == ()


def test_a_common_refusal_does_not_crowd_out_a_rare_one() -> None:
    common = [f"chmod: changing permissions of '{number}': Operation not permitted" for number in range(1500)]
    rare = "unshare: unshare failed: Operation not permitted"
    evidence = read_evidence("\n".join([*common, rare]), AMD64)
    assert evidence.messages[-1].text == rare
    left_out = 1501 - len(evidence.messages)
    assert evidence.notes == (f"{left_out} more messages of the same kinds are left out",)


def test_a_long_line_takes_no_longer_for_each_character() -> None:
    def seconds(times: int) -> float:
        line = '{"level":"error","msg":"x"},' * times
        began = time.process_time()
        reports_refusal(line)
        return time.process_time() - began

    assert seconds(4000) < 8 * max(seconds(1000), 0.01)
