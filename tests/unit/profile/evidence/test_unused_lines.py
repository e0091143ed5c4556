"""No evidence is lost in silence: lines that were not used, and records that the kernel dropped."""

import pytest

from tests.unit.profile.evidence.reading import read


def test_a_line_in_the_form_of_a_call_is_never_passed_over_in_silence() -> None:
    evidence, _ = read("read(3) = 1\nfoo.Bar(3) = 1\n")
    assert [str(unused) for unused in evidence.unused] == [
        "line 2: looks like a call, but not as a known program writes it: foo.Bar(3) = 1"
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("7 ????( <unfinished ...>", "could not tell"),
        ("app | fooo(3, 4) = 0", "looks like a call"),
        ("type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=59 success=yes", "type SYSCALL"),
        ("audit[3]: SYSCALL arch=c000003e syscall=59 success=yes", "type SYSCALL"),
        ("type=1326 audit(1.1:1): pid=1", "without `syscall=`"),
        ("type=1326 audit(1.1:1): arch=deadbeef syscall=3", "unknown architecture"),
        ("type=1326 audit(1.1:1): arch=c000003e syscall=99999999999", "not a system call"),
    ],
)
def test_unused_lines_that_look_like_evidence_are_reported(line: str, reason: str) -> None:
    evidence, _ = read(f"read(3) = 0\n{line}\n")
    assert evidence.unused_lines == 1
    assert (evidence.unused[0].line, reason in evidence.unused[0].reason) == (2, True)
    assert evidence.unused[0].text == line


def test_all_unused_lines_are_counted_even_if_not_all_are_kept() -> None:
    evidence, _ = read("type=SYSCALL msg=audit(1.1:1): syscall=59\n" * 3000)
    assert evidence.unused_lines == 3000
    assert len(evidence.unused) == 1000


SUPPRESSED = "kernel: kauditd_printk_skb: 87 callbacks suppressed\n"


@pytest.mark.parametrize(
    ("text", "in_all"),
    [
        (SUPPRESSED * 2, 174),
        ("audit: audit_lost=1 audit_rate_limit=0\naudit: audit_lost=5\naudit: audit_lost=9\n", 9),
        (SUPPRESSED + "audit: audit_lost=3 audit_rate_limit=0\n", 90),
        ("audit: audit_lost=9\naudit: audit_lost=2\naudit: audit_lost=4\n", 13),
    ],
    ids=["new each time", "a count since the start", "both", "two starts"],
)
def test_records_that_the_kernel_dropped_are_reported(text: str, in_all: int) -> None:
    evidence, _ = read(text)
    assert evidence.notes[-1] == f"the kernel dropped {in_all} records in all: calls may be missing"


def test_a_count_since_the_start_is_told_as_one() -> None:
    evidence, _ = read("audit: audit_lost=5 audit_rate_limit=0\n")
    assert evidence.notes[0] == "line 1: the kernel says that it has dropped 5 records since it started"
