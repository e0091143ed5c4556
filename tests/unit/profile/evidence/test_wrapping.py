"""Records that stand within JSON, as the journal, engines and log stores write it."""

import json

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence.reader import read_evidence
from runner.profile.evidence.wrapping import unwrapped
from runner.profile.importers.detect import detect, import_profile

RECORD = (
    'audit: type=1326 audit(1700000000.1:4): auid=0 pid=12 comm="mkdir" exe="/a" sig=31 arch=c000003e syscall=83 '
    "compat=0 ip=0x7f code=0x80000000"
)
ENTRY = {"_TRANSPORT": "kernel", "MESSAGE": RECORD}
FORMS = {
    "the journal's, in a list": [ENTRY, ENTRY],
    "CloudWatch's": {"events": [{"timestamp": 1, "message": RECORD}, {"message": RECORD}], "nextToken": "x"},
    "Loki's": {"status": "success", "data": {"result": [{"stream": {}, "values": [["1", RECORD], ["2", RECORD]]}]}},
    "Elasticsearch's": {"hits": {"hits": [{"_source": {"message": RECORD}}, {"_source": {"message": RECORD}}]}},
    "a cloud's": [{"textPayload": RECORD, "severity": "NOTICE"}, {"textPayload": RECORD}],
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_records_within_json_are_read_each_once(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    evidence = read_evidence(text, arch("amd64"))
    assert [(seen.name, seen.times) for seen in evidence.calls] == [("mkdir", 2)]
    assert detect(text) == "evidence"
    assert import_profile(text).profile.rules[0].names == ("mkdir",)


def test_a_profile_that_quotes_a_record_is_a_profile() -> None:
    text = json.dumps(
        {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "comment": RECORD}]}
    )
    assert detect(text) == "podman"


def test_json_without_a_record_holds_none() -> None:
    assert read_evidence('[{"a": 1}]', arch("amd64")).calls == ()


@pytest.mark.parametrize("depth", [300, 600, 900, 5000])
def test_json_that_is_nested_too_deeply_holds_none(depth: int) -> None:
    text = '[{"a": 1}, ' + "[" * depth + "]" * depth + "]"
    assert unwrapped(text) is None


def test_an_entry_with_chosen_fields_and_no_message_is_a_record() -> None:
    entry = {
        "_AUDIT_TYPE_NAME": "SECCOMP",
        "_AUDIT_FIELD_ARCH": "c000003e",
        "_AUDIT_FIELD_SYSCALL": "83",
        "_AUDIT_FIELD_CODE": "0x7ffc0000",
    }
    assert unwrapped(json.dumps(entry)) == ("type=SECCOMP arch=c000003e syscall=83 code=0x7ffc0000",)
    assert unwrapped(json.dumps(entry | {"_AUDIT_TYPE_NAME": "SYSCALL"})) is None


def test_an_entry_of_chosen_fields_is_of_seccomp_by_its_type_or_its_code() -> None:
    entry = {"_AUDIT_FIELD_ARCH": "c000003e", "_AUDIT_FIELD_SYSCALL": "83"}
    assert unwrapped(json.dumps(entry)) is None
    assert unwrapped(json.dumps(entry | {"_AUDIT_TYPE": "1300"})) is None
    expected = ("type=SECCOMP arch=c000003e syscall=83",)
    assert unwrapped(json.dumps(entry | {"_AUDIT_TYPE": "1326"})) == expected
    coded = entry | {"_AUDIT_FIELD_CODE": "0x7ffc0000"}
    assert unwrapped(json.dumps(coded)) == (f"{expected[0]} code=0x7ffc0000",)


def test_a_line_of_laurel_is_a_record() -> None:
    fields = {"pid": 12, "comm": "a", "arch": "0xc000003e", "syscall": 83, "code": "0x80000000"}
    text = json.dumps({"ID": "1700000000.1:4", "SECCOMP": {**fields, "ARCH": "x86_64", "SYSCALL": "mkdir"}})
    (seen,) = read_evidence(text, arch("arm64")).calls
    assert (seen.name, seen.arch) == ("mkdir", arch("amd64"))
    assert detect(text) == "evidence"


def test_a_line_of_go_audit_is_a_record() -> None:
    messages = [
        {"type": 1326, "data": RECORD.partition("): ")[2]},
        {"type": 1300, "data": "arch=c000003e syscall=1"},
    ]
    evidence = read_evidence(json.dumps({"sequence": 1, "messages": messages}), arch("arm64"))
    assert [(seen.name, seen.arch) for seen in evidence.calls] == [("mkdir", arch("amd64"))]
