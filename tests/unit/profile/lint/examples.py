"""Two similar profiles for each rule: one that it reports, and one that it does not."""

import json

from runner.profile.docker_conditions import CONTAINERD
from runner.profile.history.runtime_needs import GO_RUNTIME, base
from runner.profile.lint import LintTarget, lint
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

ALLOW, ERRNO, KILL = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL"
BASE = sorted(base(None) | GO_RUNTIME)
X86 = [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}]
OLD = LintTarget(engine=Version.of("20.10"), runtime=Version.of("1.0"))


def deny(*names, **fields):
    return {"names": list(names), "action": ERRNO, **fields}


def allow(*names, **fields):
    return {"names": list(names), "action": ALLOW, **fields}


def arg(index=0, value=1, op="EQ", **fields):
    return {"index": index, "value": value, "op": f"SCMP_CMP_{op}", **fields}


def deny_list(*rules, **fields):
    return {"defaultAction": ALLOW, "archMap": X86, "syscalls": list(rules), **fields}


def allow_list(*rules, **fields):
    return {"defaultAction": ERRNO, "archMap": X86, "syscalls": [allow(*BASE), *rules], **fields}


ENDLESS = (
    deny("chmod", args=[arg(0, 1, "GT"), arg(1, 0)]),
    deny("chmod", args=[arg(0, 1, "GT"), arg(2, 0)]),
)
NOTIFY = {"names": ["mount"], "action": "SCMP_ACT_NOTIFY"}
LISTENER = {"listenerPath": "/run/agent.sock"}
EXAMPLES = {
    "kubernetes-conditions": (
        deny_list(
            deny("chmod", includes={"caps": ["CAP_SYS_ADMIN"]}), deny("chown", excludes={"arches": ["x86"]})
        ),
        deny_list(deny("chmod")),
    ),
    "kubernetes-archmap": (deny_list(), {"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_X86_64"]}),
    "kubernetes-name": (deny_list({"name": "chmod", "action": ERRNO}), deny_list(deny("chmod"))),
    "seccomp-off": ({}, {"defaultAction": ALLOW}),
    "runtime-base": ({"defaultAction": ERRNO}, allow_list()),
    "denies-nothing": (deny_list(allow("chmod")), deny_list(deny("chmod"))),
    "no-exit": (deny_list(deny("exit_group", "exit")), deny_list(deny("chmod"))),
    "start-hang": (
        deny_list({"names": ["futex"], "action": KILL}),
        deny_list({"names": ["chmod"], "action": KILL}),
    ),
    "name-and-names": (deny_list({**deny("a"), "name": "b"}), deny_list(deny("chmod"))),
    "architectures-and-archmap": (deny_list(architectures=["SCMP_ARCH_X86"]), deny_list()),
    "unknown-architecture": (
        {"defaultAction": ALLOW, "architectures": ["x86_64"]},
        {"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_X86_64"]},
    ),
    "unknown-flag": (deny_list(flags=["LOG"]), deny_list(flags=["SECCOMP_FILTER_FLAG_LOG"])),
    "byte-order": (
        {"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_S390X"]},
        deny_list({"names": ["chmod"], "action": ERRNO}, archMap=[*X86, {"architecture": "SCMP_ARCH_S390X"}]),
    ),
    "engine-too-old": (deny_list(deny("chmod")), deny_list({"name": "chmod", "action": ERRNO})),
    "faulty-rule": (
        deny_list({"names": ["chmod"], "includes": {"caps": ["CAP_SYS_ADMIN"]}}),
        deny_list(deny("chmod", includes={"caps": ["CAP_SYS_ADMIN"]})),
    ),
    "filter-refused": (
        {
            "defaultAction": ALLOW,  # for one architecture, which takes libseccomp a third of the time
            "syscalls": [deny("ioctl", args=[arg(1, n << 32 | n)]) for n in range(1050)],
        },
        deny_list(*(deny("ioctl", args=[arg(1, n << 32 | n)]) for n in range(20))),
    ),
    "denied-without-flags": (
        deny_list(deny("clone", args=[arg(0, 0x10000000, "MASKED_EQ")])),
        deny_list(deny("clone", args=[arg(0, 0x10000000, "MASKED_EQ", valueTwo=0x10000000)])),
    ),
    "bits-outside-mask": (
        deny_list(deny("chmod", args=[arg(1, 0o777, "MASKED_EQ", valueTwo=0xFFFFFFFF)])),
        deny_list(deny("chmod", args=[arg(1, 0xFFFFFFFF, "MASKED_EQ", valueTwo=0o777)])),
    ),
    "unused-value-two": (
        deny_list(deny("kill", args=[arg(0, 1, "GE", valueTwo=5)])),
        deny_list(deny("kill", args=[arg(0, 1, "MASKED_EQ", valueTwo=1)])),
    ),
    "no-such-argument": (
        deny_list(deny("close", args=[arg(1)])),
        deny_list(deny("close", args=[arg(0)])),
    ),
    "constant-condition": (
        deny_list(deny("kill", args=[arg(0, 0, "LT")])),
        deny_list(deny("kill", args=[arg(0, 1, "LT")])),
    ),
    "never-filtered": (deny_list(deny("uretprobe")), allow_list(allow("uretprobe"))),
    "argument-index": (deny_list(deny("ioctl", args=[arg(6)])), deny_list(deny("mmap", args=[arg(5)]))),
    "errno-too-large": (deny_list(deny("chmod", errnoRet=4095)), deny_list(deny("chmod", errnoRet=4094))),
    "empty-name": (deny_list(deny("chmod", "")), deny_list(deny("chmod"))),
    "conflicting-rules": (
        deny_list(deny("clone", args=[arg()]), deny("clone", args=[arg()], errnoRet=38)),
        deny_list(deny("clone", args=[arg()]), deny("clone", args=[arg(1)])),
    ),
    "endless-rules": (deny_list(*ENDLESS), deny_list(*reversed(ENDLESS))),
    "notify-write": (
        deny_list({"names": ["write"], "action": "SCMP_ACT_NOTIFY"}, **LISTENER),
        deny_list(NOTIFY, **LISTENER),
    ),
    "notify-default": ({"defaultAction": "SCMP_ACT_NOTIFY"}, deny_list(NOTIFY, **LISTENER)),
    "notify-without-listener": (deny_list(NOTIFY), deny_list(NOTIFY, **LISTENER)),
    "notify-not-security": (deny_list(NOTIFY, **LISTENER), deny_list()),
    "trace-action": ({"defaultAction": "SCMP_ACT_TRACE"}, deny_list()),
    "ways-around": (
        deny_list(deny("chmod", "fchmodat")),
        deny_list(deny("chmod", "fchmod", "fchmodat", "fchmodat2")),
    ),
    "without-call": (deny_list(deny("clock_gettime", "time")), deny_list(deny("clock_settime"))),
    "pointer-argument": (deny_list(deny("chown", args=[arg(0)])), deny_list(deny("clone", args=[arg(0)]))),
    "wide-comparison": (
        deny_list(deny("chmod", args=[arg(1, 0o777)])),
        deny_list(deny("chmod", args=[arg(1, 0xFFFFFFFF, "MASKED_EQ", valueTwo=0o777)])),
    ),
    "fake-success": (deny_list(deny("fsync", errnoRet=0)), deny_list(deny("fsync", errnoRet=5))),
    "unknown-name": (deny_list(deny("chmodat")), deny_list(deny("fchmodat"))),
    "same-argument": (
        deny_list(deny("ioctl", args=[arg(1, 10, "GE"), arg(1, 20, "LE")])),
        deny_list(deny("ioctl", args=[arg(1, 10, "GE"), arg(2, 20, "LE")])),
    ),
    "overlapping-conditions": (
        deny_list(deny("clone", args=[arg(0, 1)]), deny("clone", args=[arg(1, 2)], errnoRet=38)),
        deny_list(deny("clone", args=[arg(0, 1)]), deny("clone", args=[arg(1, 2)])),
    ),
    "shadowed-rule": (
        allow_list(allow("socket", args=[arg(0, 1)]), deny("socket", errnoRet=38)),
        allow_list(allow("socket", args=[arg(0, 1)]), deny("connect", errnoRet=38)),
    ),
    "incomplete-architectures": (
        {"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [deny("chmod")]},
        {"defaultAction": ALLOW},
    ),
    "clone3-eperm": (allow_list(allow("clone")), allow_list(allow("clone"), deny("clone3", errnoRet=38))),
    "old-clone-mask": (
        allow_list(allow("clone", args=[arg(0, 2080505856, "MASKED_EQ")])),
        allow_list(allow("clone", args=[arg(0, 2114060288, "MASKED_EQ")])),
    ),
    "ptrace-old-kernel": (
        allow_list(allow("ptrace")),
        allow_list(allow("ptrace", includes={"minKernel": "4.8"})),
    ),
    "kill-is-one-thread": (
        deny_list({"names": ["chmod"], "action": KILL}),
        deny_list({"names": ["chmod"], "action": "SCMP_ACT_KILL_PROCESS"}),
    ),
    "dropped-field": (allow_list(defaultErrnoRet=38), allow_list(defaultErrnoRet=1)),
    "runtime-too-old": (
        deny_list({"names": ["chmod"], "action": "SCMP_ACT_KILL_PROCESS"}),
        deny_list(deny("chmod")),
    ),
    "unknown-capability": (
        allow_list(allow("chroot", includes={"caps": ["SYS_CHROOT"]})),
        allow_list(allow("chroot", includes={"caps": ["CAP_SYS_CHROOT"]})),
    ),
    "unknown-condition-arch": (
        deny_list(deny("chmod", excludes={"arches": ["x86_64"]})),
        deny_list(deny("chmod", excludes={"arches": ["amd64", "x86", "arm64"]})),
    ),
    "empty-min-kernel": (
        deny_list(deny("chmod", excludes={"minKernel": ""})),
        deny_list(deny("chmod", excludes={"minKernel": "4.8"})),
    ),
    "legacy-name": (deny_list({"name": "chmod", "action": ERRNO}), deny_list(deny("chmod"))),
    "duplicate-name": (
        deny_list(deny("chmod", "chmod")),
        deny_list(deny("chmod"), deny("chmod", errnoRet=2)),
    ),
    "unused-errno": (allow_list(allow("chmod", errnoRet=1)), allow_list(deny("chmod", errnoRet=2))),
    "same-as-default": (allow_list(deny("chmod")), allow_list(deny("chmod", errnoRet=2))),
    "no-names": (deny_list(deny()), deny_list(deny("chmod"))),
    "unknown-key": (deny_list(deny("chmod", arg=[])), deny_list(deny("chmod", comment="c"))),
    "duplicate-key": ('{"flags": [], "flags": []}', '{"flags": []}'),
    "key-case": ({"DefaultAction": ALLOW}, {"defaultAction": ALLOW}),
}


def read(profile):
    return read_profile(profile if isinstance(profile, str) else json.dumps(profile, indent=1))


def ids(profile, target):
    return {finding.rule for finding in lint(read(profile), target)}


def target_of(rule):
    if rule.startswith("kubernetes-"):
        return LintTarget(reader=CONTAINERD)
    if rule == "engine-too-old":
        return LintTarget(engine=Version.of("1.12.6"))
    return OLD if rule in {"dropped-field", "runtime-too-old"} else LintTarget()
