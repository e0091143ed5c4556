"""`runner.profile.evidence.audit`: the kernel's records in the forms in which programs pass them on."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import read_evidence
from runner.profile.evidence.audit import Dropped, Record, dropped, record
from runner.profile.importers.detect import detect

AMD64 = arch("amd64")
FIELDS = (
    'auid=4294967295 uid=0 gid=0 ses=4294967295 pid=12 comm="a b" exe="/a" sig=0 arch=c000003e syscall=90 compat=0 '
    "ip=0x4 code=0x50001"
)
FORMS = {
    "kernel": f"audit: type=1326 audit(1700000000.123:42): {FIELDS}",
    "dmesg": f"[  123.456789] audit: type=1326 audit(1700000000.123:42): {FIELDS}",
    "/dev/kmsg": f"5,1234,567,-;audit: type=1326 audit(1700000000.123:42): {FIELDS}",
    "journald": f"Sep 11 09:58:02 h audit[12]: SECCOMP {FIELDS}",
    "journald, kernel": f"Sep 11 09:58:02 h kernel: audit: type=1326 audit(1.1:1): {FIELDS}",
    "auditd": f"type=SECCOMP msg=audit(1700000000.2:43): {FIELDS}",
    "auditd, of a node": f"node=h type=SECCOMP msg=audit(1700000000.2:43): {FIELDS}",
    "auditd, enriched": f'type=SECCOMP msg=audit(1.2:3): {FIELDS}\x1dARCH=x86_64 SYSCALL=chmod AUID="unset"',
    "journal export": f"MESSAGE=SECCOMP {FIELDS}",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_record_in_every_form(text: str) -> None:
    assert record(text) == Record("90", AMD64, "errno", 12, "a b")


def test_a_record_with_names_in_place_of_numbers() -> None:
    text = "type=SECCOMP msg=audit(10/10/2026 10:00:00.2:43) : comm=x sig=SIG0 arch=aarch64 syscall=fchmodat code=log"
    assert record(text) == Record("fchmodat", arch("arm64"), "log", None, "x")
    unknown = text.replace("syscall=fchmodat", "syscall=unknown-syscall(452)")
    found = record(unknown)
    assert isinstance(found, Record)
    assert found.syscall == "unknown-syscall(452)"


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("0x7ffc0000", "log"),
        ("0x50001", "errno"),
        ("0x0", "kill_thread"),
        ("0x80000000", "kill_process"),
        ("0x30000", "trap"),
        ("kill-process", "kill_process"),
        ("kill", "kill_thread"),
        ("0x12345678", ""),
    ],
)
def test_the_code_gives_seccomps_action(code: str, action: str) -> None:
    found = record(f"type=1326 audit(1.1:1): arch=c000003e syscall=90 code={code}")
    assert isinstance(found, Record)
    assert found.action == action


def test_a_record_without_an_architecture_or_a_code() -> None:
    assert record("type=1326 audit(1.1:1): pid=3 sig=31 syscall=90") == Record("90", None, "", 3, "")


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("kauditd_printk_skb: 87 callbacks suppressed", Dropped(87, since_start=False)),
        ("audit_printk_skb: 3 callbacks suppressed", Dropped(3, since_start=False)),
        ("audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64", Dropped(12, since_start=True)),
        ("audit: backlog limit exceeded", Dropped(0, since_start=False)),
        ("nothing of the kind", None),
    ],
)
def test_dropped_records(text: str, records: Dropped | None) -> None:
    assert dropped(text) == records


CSV = (
    ",SECCOMP,11/14/23,22:13:20,45,dac-decision,unset,system,root,privileged-acct,{}{},process,/usr/bin/chmod"
)
TEXT = "At 22:13:20 11/14/23 system, acting as root, unsuccessfully {}{} using /usr/bin/chmod"


@pytest.mark.parametrize(
    ("text", "between"), [(CSV, ",failed,"), (CSV.replace("45,", "2023,11,14,45,"), ",,"), (TEXT, " ")]
)
@pytest.mark.parametrize("verb", ["called-seccomp-controlled-syscall", "violated-seccomp-policy"])
def test_a_record_formatted_by_ausearch_has_only_the_call(text: str, between: str, verb: str) -> None:
    assert record(text.format(verb, f"{between}chmod")) == Record("chmod", None, "", None, "")
    unnamed = record(text.format(verb, f"{between}unknown-syscall(-1)"))
    assert isinstance(unnamed, str)
    assert "--format raw" in unnamed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'Log: auid=1000 uid=1000 pid=1 comm="x" sig=31 arch=c000003e 54(setsockopt) compat=0 ip=0x7f code=0x0',
            Record("setsockopt", AMD64, "", None, ""),
        ),
        (
            'I1127 enricher.go:390] log-enricher "msg"="audit" "type"="seccomp" "pid"=2 "syscallName"="mprotect"',
            Record("mprotect", None, "", None, ""),
        ),
        (
            'I1127 enricher.go:136] log-enricher "msg"="audit"  "pid"=2 "syscallName"="mprotect" "type"="seccomp"',
            Record("mprotect", None, "", None, ""),
        ),
        (
            'I1127 enricher.go:390] "audit" type="seccomp" node="127.0.0.1" pid=2 syscallID=10 syscallName="mprotect"',
            Record("mprotect", None, "", None, ""),
        ),
    ],
    ids=[
        "snappy-debug",
        "the operator's enricher",
        "with the keys in order",
        "the operator's enricher, newer",
    ],
)
def test_a_record_that_another_tool_rewrote(text: str, found: Record) -> None:
    assert record(text) == found
    assert [seen.name for seen in read_evidence(text, AMD64).calls] == [found.syscall]
    assert detect(text) == "evidence"


def test_colours_are_no_part_of_a_record() -> None:
    text = f"\x1b[32m[    1.2] \x1b[0m\x1b[33maudit: \x1b[0mtype=1326 audit(1.1:1): {FIELDS}"
    assert [seen.name for seen in read_evidence(text, AMD64).calls] == ["chmod"]
    assert detect(text) == "evidence"


def test_a_record_without_its_beginning_is_told_by_what_follows_the_call() -> None:
    line = 'comm="a" exe="/a" sig=0 arch=c000003e syscall=165 compat=0 ip=0x7f code=0x50000'
    found = record(line)
    assert isinstance(found, Record)
    assert (found.syscall, found.action, found.thread) == ("165", "errno", "a")
    assert record("arch=c000003e syscall=165") == "no record of seccomp"


def test_the_end_of_a_process_is_no_message_beside_the_record_of_its_call() -> None:
    call = "arch=c000003e syscall=165 compat=0 ip=0x7 code=0x80000000"
    seccomp = f'audit: type=1326 audit(1.1:55): pid=7 comm="x" exe="/x" sig=31 {call}\n'
    end = 'audit: type=1701 audit(1.1:56): auid=0 ses=1 pid={} comm="x" exe="/x" sig=31 res=1\n'
    evidence = read_evidence(seccomp + end.format(7) + end.format(8), AMD64)
    assert [message.line for message in evidence.messages] == [3]
    assert (evidence.unused_lines, evidence.expected_lines) == (1, 1)


@pytest.mark.parametrize(
    ("sig", "code", "messages"), [(0, "0x7ffc0000", 1), (0, "0x50001", 1), (0, "0x30000", 0), (31, "0x0", 0)]
)
def test_the_end_of_a_process_is_a_message_beside_a_record_that_did_not_kill_it(
    sig: int, code: str, messages: int
) -> None:
    call = f"sig={sig} arch=c000003e syscall=90 compat=0 ip=0x7 code={code}"
    seccomp = f'audit: type=1326 audit(1.1:55): pid=7 comm="x" exe="/x" {call}\n'
    end = 'audit: type=1701 audit(1.1:56): auid=0 ses=1 pid=7 comm="x" exe="/x" sig=31 res=1\n'
    evidence = read_evidence(seccomp + end, AMD64)
    assert len(evidence.messages) == messages
    assert evidence.unused_lines == 1 - messages


def test_nor_is_it_put_away_beside_a_record_of_a_call_that_nobody_knows() -> None:
    call = "sig=31 arch=c000003e syscall=9999 compat=0 ip=0x7 code=0x80000000"
    seccomp = f'audit: type=1326 audit(1.1:55): pid=7 comm="x" exe="/x" {call}\n'
    end = 'audit: type=1701 audit(1.1:56): auid=0 ses=1 pid=7 comm="x" exe="/x" sig=31 res=1\n'
    assert [message.line for message in read_evidence(seccomp + end, AMD64).messages] == [2]
