"""Unsupported output of other tools is recognised and named, and supported evidence is not mistaken for it."""

import json

import pytest

from runner.profile.foreign.outputs import foreign

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
        (
            "\nSyscall Report\n====\n# date time syscall pid comm auid event\n====\n1. 11/26/2026 1 2 3",
            "aureport",
        ),
        (
            '{"type":"SYSCALL","num":257,"pid":1,"syscall":"openat","args":[],"result":3}\n',
            "names calls line by line",
        ),
        ("\nSyscall Summary Report\n=====\ntotal  syscall\n=====\n5  openat\n2  mount\n", "aureport"),
        (json.dumps({"output": "x", "output_fields": {"evt.type": "mount"}}), "Falco"),
        ("10:11:12.123456789: Notice Mount in container (user=root)\n", "Falco"),
        (json.dumps({"evt.num": 3, "evt.type": "mount", "evt.dir": ">"}), "sysdig"),
        ("Name:         web\nAnnotations:  <none>\nAPI Version:  x/v1\nKind:  SeccompProfile\n", "describe"),
        ("> kubectl describe pod web\nName:   web\nNamespace:  default\nNode:   n1\n", "describe"),
        ("$ sudo ig run audit_seccomp\n  RUNTIME.CONTAINERNAME COMM SYSCALL\nx a b\n", "Inspektor Gadget"),
        ("me@host:~$ sudo syscount\n\nSYSCALL                   COUNT\nopenat   120\n", "syscount"),
        ("K8S.NODE  K8S.PODNAME  COMM  SYSCALL  CODE\nminikube p  mount mount log\n", "Inspektor Gadget"),
        (
            "NODE     NAMESPACE POD CONTAINER PID  COMM    SYSCALL CODE\nminikube demo      web web       7456 python3 "
            "mkdir   kill_thread\n",
            "Inspektor Gadget",
        ),
        ("Tracing syscalls\nSYSCALL                   COUNT\nopenat   120\n", "syscount"),
        (PERF, "perf trace -s"),
        (PERF.replace("errors", "      "), "perf trace -s"),
        (json.dumps(BEAT) + "\n" + json.dumps(BEAT), "auditbeat"),
        (json.dumps(BEAT, indent=2), "auditbeat"),
        (json.dumps([BEAT]), "auditbeat"),
        (json.dumps({"auditd": {"data": {"syscall": "read"}, "message_type": "seccomp"}}), "auditbeat"),
        (json.dumps(GADGET) + "\n" + json.dumps(GADGET), "Inspektor Gadget"),
        (json.dumps({"node": "n", "comm": "ls", "syscall": "openat"}), "Inspektor Gadget"),
        (json.dumps({"processorId": 0, "eventId": "257", "eventName": "openat", "args": []}), "Tracee"),
        (
            "TIME             UID    COMM   PID   TID   RET   EVENT    ARGS\n17:43:37 0 ls 1 1 3 openat x\n",
            "Tracee",
        ),
        (
            json.dumps({"auditID": "1", "resource": {"pod": "p"}, "syscalls": ["read", "openat"]}),
            "Security Profiles",
        ),
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
        "NODE,EVENT,DATE,TIME,SERIAL_NUM,EVENT_KIND,\n,SECCOMP,x,violated-seccomp-policy,,keyctl,,,/a\n",
        "@[tracepoint:syscalls:sys_enter_mount]: 3\n",
        "@[tracepoint:syscalls:sys_enter_read, 1234]: 5\n",
        PERF.replace("\n Summary", "   0.010 ( 0.002 ms): dd/7 read(fd: 3) = 0\n Summary"),
        "% time     seconds  usecs/call     calls    errors syscall\n",
        json.dumps({"MESSAGE": 'audit: {"syscall":"openat"}', "k8s": {}}),
        json.dumps({"log": json.dumps(GADGET), "stream": "stdout"}),
        json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"]}]}),
    ],
)
def test_supported_evidence_is_not_refused(text: str) -> None:
    assert foreign(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Attaching 1 probe...\n\n@[165]: 3\n@[ls, 257]: 12\n",
        "Attaching 4 probes...\n\n@[__x64_sys_openat]: 12\n",
        "@[kprobe:__arm64_sys_openat]: 12\n",
    ],
)
def test_a_map_by_numbers_or_functions_is_named_with_a_count_by_names(text: str) -> None:
    found = foreign(text)
    assert found is not None
    assert "@[probe] = count()" in found.remedy


def test_bpftraces_json_is_named_with_the_text_to_give() -> None:
    found = foreign('{"type": "attached_probes", "data": {"probes": 3}}\n{"type": "map", "data": {}}\n')
    assert found is not None
    assert "without -f json" in found.remedy


@pytest.mark.parametrize(
    "text",
    [
        "#\n# pseudo filter code start\n#\nif ($arch == 3221225534)\n",
        " line  OP   JT   JF   K\n=====\n 0000: 0x20 0x00 0x00 0x00000004   ld  $data[4]\n",
        " line  CODE  JT   JF      K\n=====\n 0000: 0x20 0x00 0x00 0x00000004  A = arch\n",
    ],
    ids=["scmp_bpf_sim", "scmp_bpf_disasm", "seccomp-tools"],
)
def test_the_dump_of_a_filter_is_no_evidence(text: str) -> None:
    found = foreign(text)
    assert found is not None
    assert found.name == "the dump of a filter"


@pytest.mark.parametrize(
    "text",
    [
        "read\nseccomp\nwrite\n",
        "read: 1\nopenat: 20\n",
        "socket AF_UNIX\npersonality ADDR_NO_RANDOMIZE\n",
        "seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL) = -1 EINVAL\n",
        'write(1, "seccomp_rule_add(ctx, 1)", 9) = 9\nlxc.seccomp.profile = x\n',
        "crun: seccomp_rule_add_array: File exists\n",
        "mount: return value 1\n",
    ],
)
def test_lists_logs_and_messages_are_no_policy_of_another_tool(text: str) -> None:
    assert foreign(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (json.dumps({"process_kprobe": {"function_name": "sys_openat"}, "node_name": "n"}), "Tetragon"),
        ("# Firejail profile\ninclude globals.local\ncaps.drop all\nseccomp !chroot\n", "firejail"),
        ("seccomp.drop mount,umount2\n", "firejail"),
        ("seccomp.keep read,write\n", "firejail"),
        ("@frequency ./x\nread: 1\n", "minijail"),
        ("read: 1\nsocket: arg0 == AF_UNIX; return EPERM\n", "minijail"),
        ("ptrace: return 1\n", "minijail"),
        ("# Description: x\nread\nchown - u:root g:root\n", "snap"),
        ("@unrestricted\n", "snap"),
        ("POLICY a {\n  ALLOW { read, write }\n}\nUSE a DEFAULT KILL\n", "kafel"),
        ('seccomp_string: "ALLOW { read }"\n', "kafel"),
        (
            "seccomp:\n  default_action: allow\n  syscalls:\n  - action: errno\n    names:\n    - connect\n",
            "Beats",
        ),
        ("config:\n  security.syscalls.deny: keyctl errno 38\n", "LXD"),
        ("lxc.seccomp.profile = /usr/share/lxc/config/common.seccomp\n", "LXC"),
        ("  seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 0);\n", "source code for libseccomp"),
        ("[Context]\nshared=network;\n", "Flatpak"),
        ("bwrap --seccomp 10 10<filter.bpf --ro-bind / / sh\n", "bubblewrap"),
        (
            'resource "kubernetes_pod" "x" {\n  seccomp_profile {\n    type = "Localhost"\n  }\n}\n',
            "Terraform",
        ),
        (" Security Options:\n  seccomp\n   Profile: builtin\n", "docker info"),
        (
            json.dumps({"SecurityOptions": ["name=seccomp,profile=builtin"], "ServerVersion": "28.0.1"}),
            "docker info",
        ),
    ],
)
def test_what_has_no_list_of_names_is_named_with_another_step(text: str, name: str) -> None:
    found = foreign(text)
    assert found is not None
    assert name in found.name
    assert found.remedy


def test_a_list_of_blocked_calls_is_no_list_of_needed_ones() -> None:
    found = foreign("Seccomp: filtering\nBlocked Syscalls (2):\n\tMSGRCV SYSLOG\nLooking for Docker.sock\n")
    assert found is not None
    assert "amicontained" in found.name
    assert "workshop profile simulate" in found.remedy
