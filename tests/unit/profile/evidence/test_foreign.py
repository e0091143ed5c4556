"""Unsupported output of other tools is recognised and named, and supported evidence is not mistaken for it."""

import json

import pytest

from runner.profile.evidence.foreign import foreign

PERF = """
 Summary of events:

 dd (11296), 1010 events, 100.0%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   read                 502      0     0.501     0.000     0.001     0.003      1.11%
"""
BEAT = {
    "@timestamp": "2024-05-01T10:00:00.000Z",
    "event": {"module": "auditd", "action": "violated-seccomp-policy"},
    "auditd": {"message_type": "seccomp", "data": {"arch": "x86_64", "syscall": "ptrace"}},
}
GADGET = {"k8s": {"node": "n"}, "pid": 7, "comm": "ls", "syscall": "openat", "code": "SECCOMP_RET_ERRNO"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "NODE,EVENT,DATE,TIME,SERIAL_NUM,EVENT_KIND,SESSION,SUBJ_PRIME\n,SECCOMP,11/26/2026\n",
            "summary of ausearch",
        ),
        (
            "At 14:22:33 11/26/2026 system, acting as root, caused-seccomp-violation using /a\n",
            "summary of ausearch",
        ),
        (PERF, "perf trace -s"),
        (PERF.replace("errors", "      "), "perf trace -s"),
        (json.dumps(BEAT) + "\n" + json.dumps(BEAT), "auditbeat"),
        (json.dumps(BEAT, indent=2), "auditbeat"),
        (json.dumps([BEAT]), "auditbeat"),
        (json.dumps({"auditd": {"data": {"syscall": "read"}, "message_type": "seccomp"}}), "auditbeat"),
        (json.dumps(GADGET) + "\n" + json.dumps(GADGET), "Inspektor Gadget"),
        (json.dumps({"node": "n", "comm": "ls", "syscall": "openat"}), "Inspektor Gadget"),
    ],
)
def test_it_is_named_with_the_next_step(text: str, name: str) -> None:
    found = foreign(text)
    assert found is not None
    assert name in found.name
    assert "workshop profile import -" in found.remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "read\nwrite\n",
        PERF.replace("\n Summary", "   0.010 ( 0.002 ms): dd/7 read(fd: 3) = 0\n Summary"),
        "% time     seconds  usecs/call     calls    errors syscall\n",
        json.dumps({"MESSAGE": 'audit: {"syscall":"openat"}', "k8s": {}}),
        json.dumps({"log": json.dumps(GADGET), "stream": "stdout"}),
        json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"]}]}),
    ],
)
def test_supported_evidence_is_not_refused(text: str) -> None:
    assert foreign(text) is None
