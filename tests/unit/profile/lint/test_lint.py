"""Every lint rule fires where it should, and keeps quiet where it should."""

import json

import pytest

from runner.errors import UsageError
from runner.profile.calls.groups import KNOWN
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.filter.runtime_needs import GO_RUNTIME, base
from runner.profile.finding import Severity
from runner.profile.lint import RULES, LintTarget, fixed, lint, rule_named, selection, start_hazards
from runner.profile.lint.unusable import RULES as UNUSABLE
from runner.profile.model import Target
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


def _read(profile):
    return read_profile(profile if isinstance(profile, str) else json.dumps(profile, indent=1))


def _ids(profile, target):
    return {finding.rule for finding in lint(_read(profile), target)}


def _target(rule):
    if rule.startswith("kubernetes-"):
        return LintTarget(kubernetes=True)
    if rule == "engine-too-old":
        return LintTarget(engine=Version.of("1.12.6"))
    return OLD if rule in {"dropped-field", "runtime-too-old"} else LintTarget()


def test_every_rule_has_its_examples():
    assert set(EXAMPLES) == set(RULES) - {rule.id for rule in UNUSABLE}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_rule_fires_on_its_example_and_not_on_the_other(rule):
    firing, silent = EXAMPLES[rule]
    assert rule in _ids(firing, _target(rule))
    assert rule not in _ids(silent, _target(rule))


def test_a_finding_points_at_the_text_that_it_is_about():
    rule = '{"Names": ["chmod",\n   "chmodd"], "action": "SCMP_ACT_ERRNO"}'
    text = f'{{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": [{rule}]}}'
    (finding,) = lint(_read(text), LintTarget(), selection(["unknown-name"], []))
    assert (finding.at.line, finding.at.column, finding.at.path) == (3, 4, "syscalls[0].names[1]")


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_fix_silences_its_rule_and_changes_nothing_else(rule):
    reading, target = _read(EXAMPLES[rule][0]), _target(rule)
    wanted = selection([rule], [])
    findings = lint(reading, target, wanted)
    text = fixed(reading, target, wanted)
    if not any(finding.fix for finding in findings):
        assert text == reading.document.text
        return
    assert not lint(read_profile(text), target, wanted)
    before, after = reading.document.text.splitlines(), text.splitlines()
    assert sum(line not in after for line in before) <= 4


FIXES = [
    (
        '{"syscalls": [],  "DEFAULTACTION" : "SCMP_ACT_ALLOW"}',
        '{"syscalls": [],  "defaultAction" : "SCMP_ACT_ALLOW"}',
    ),
    (
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name":"chmod", "action": "SCMP_ACT_ERRNO"}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}',
    ),
    (
        '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 1 , "syscalls": [\n{"names": ["a",  "a"], '
        '"action": "SCMP_ACT_ERRNO", "includes": {"caps":["sys_admin"], "arches": ["x86_64"]}}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [\n{"names": ["a"], '
        '"action": "SCMP_ACT_ERRNO", "includes": {"caps":["CAP_SYS_ADMIN"], "arches": ["amd64"]}}]}',
    ),
    (
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["", "__NR_chmod"], "action": "SCMP_ACT_ERRNO"}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}',
    ),
]


@pytest.mark.parametrize(("before", "after"), FIXES)
def test_fixes_keep_the_formatting_elsewhere(before, after):
    assert fixed(read_profile(before), LintTarget(), selection([], [])) == after


def test_the_base_depends_on_the_runtime():
    names = sorted(base(Version.of("1.1.5")))
    profile = {"defaultAction": ERRNO, "syscalls": [allow(*names)]}
    assert "runtime-base" not in _ids(profile, LintTarget(runtime=Version.of("1.1.5")))
    wanted = selection(["runtime-base"], [])
    messages = {
        version: [
            finding.message
            for finding in lint(_read(profile), LintTarget(runtime=Version.of(version)), wanted)
        ]
        for version in ("1.2.6", "1.3.6")
    }
    assert messages == {
        "1.2.6": ["runc 1.2.6 itself needs calls that the profile denies: futex"],
        "1.3.6": ["runc 1.3.6 itself needs calls that the profile denies: futex statx"],
    }


def test_a_slip_in_a_deny_list_is_worse_than_in_an_allow_list():
    wanted = selection(["unknown-name"], [])
    (denied,) = lint(_read(deny_list(deny("chmodd"))), LintTarget(), wanted)
    (allowed,) = lint(_read(allow_list(allow("chmodd"))), LintTarget(), wanted)
    assert (denied.severity, allowed.severity) == (Severity.HIGH, Severity.MEDIUM)
    assert "did you mean chmod?" in denied.message


@pytest.mark.parametrize(
    ("profile", "is_hazard"),
    [
        ({"defaultAction": KILL}, True),
        ({"defaultAction": "SCMP_ACT_KILL_THREAD", "syscalls": [allow(*sorted(base(None)))]}, True),
        ({"defaultAction": KILL, "syscalls": [allow(*BASE)]}, False),
        ({"defaultAction": KILL, "syscalls": [allow(*BASE, includes={"caps": ["CAP_NONE"]})]}, True),
        (deny_list({"names": ["write"], "action": KILL, "args": [arg()]}), True),
        (deny_list(*ENDLESS), True),
        (deny_list(*reversed(ENDLESS)), False),
        ({"defaultAction": "SCMP_ACT_KILL_PROCESS"}, False),
        ({"defaultAction": ERRNO}, False),
        ({}, False),
    ],
)
def test_start_hazards_are_killed_threads_of_the_runtime_and_endless_rules(profile, is_hazard):
    hazards = start_hazards(_read(profile).profile, Target(caps=ALL_CAPABILITIES))
    assert bool(hazards) is is_hazard
    assert all("hangs" in str(hazard) for hazard in hazards)


def test_what_only_docker_reads_is_no_fault_for_docker():
    for rule, (firing, _) in EXAMPLES.items():
        if rule.startswith("kubernetes-"):
            assert rule not in _ids(firing, LintTarget())


def test_all_calls_that_the_runtime_needs_are_listed():
    (finding,) = lint(
        _read({"defaultAction": ERRNO, "archMap": X86}), LintTarget(), selection(["runtime-base"], [])
    )
    assert "more" not in finding.message
    assert "setgroups setuid" in finding.message


def test_selection():
    wanted = selection(["legacy-name", "no-names"], ["no-names"])
    assert [identifier for identifier in RULES if wanted(identifier)] == ["legacy-name"]
    with pytest.raises(UsageError, match="did you mean legacy-name"):
        selection(["legacy-names"], [])


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_explained(rule):
    assert len(rule_named(rule).explanation) > 40
    assert rule == rule.lower()


def test_every_call_that_libseccomp_knows_has_a_purpose():
    libseccomp = pytest.importorskip("runner.profile.libseccomp")
    from runner.profile.calls import syscalls

    if not hasattr(libseccomp, "version"):
        pytest.skip("no libseccomp here")
    known = {name for machine in syscalls.ARCHES for name in syscalls.names(machine)}
    assert not known - set(KNOWN)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (allow_list(allow("chmod"), deny("chmod")), "chmod is denied here, but line"),
        (allow_list(allow("chmod", args=[arg(1)]), deny("chmod", args=[arg(1)])), "under its conditions"),
        (allow_list(allow("chmod", args=[arg(1)]), deny("chmod", args=[arg(1, 2)])), ""),
        (allow_list(allow("chmod", args=[arg(1)]), deny("chmod")), ""),
        (deny_list(deny("mseal"), allow("mseal")), "mseal is allowed here, but line"),
        (deny_list(deny("mseal"), deny("mseal", errnoRet=38)), "never decided here"),
        (deny_list(deny("mseal"), deny("mseal")), ""),
    ],
)
def test_a_rule_that_another_one_overrules_is_said(profile, expected):
    found = lint(_read(profile), LintTarget(), selection(["shadowed-rule"], []))
    assert [expected in finding.message for finding in found] == ([True] if expected else [])


@pytest.mark.parametrize(
    ("value", "two", "rules"),
    [
        (0x10000000, 0, {"denied-without-flags"}),
        (0x7E020000, 0, {"denied-without-flags"}),
        (0x10000000, 0x10000000, set()),
        (0xFFFFFFFF, 0, set()),
        (0xFF, 0, set()),
        (0x1FF, 0xFFFFFFFF, {"bits-outside-mask"}),
        (0xFFFFFFFF, 0x1000001FF, {"bits-outside-mask"}),
        (0xFFFFFFFF, 0x1FF, set()),
    ],
)
def test_masks_that_are_upside_down(value, two, rules):
    profile = deny_list(deny("unshare", args=[arg(0, value, "MASKED_EQ", valueTwo=two)]))
    wanted = selection(["denied-without-flags", "bits-outside-mask"], [])
    assert {finding.rule for finding in lint(_read(profile), LintTarget(), wanted)} == rules
    allowing = allow_list(allow("unshare", args=[arg(0, value, "MASKED_EQ", valueTwo=two)]))
    found = lint(_read(allowing), LintTarget(), selection(["denied-without-flags"], []))
    assert not found


def test_a_comment_in_a_rule_silences_a_finding_about_it():
    rule = deny("fsync", errnoRet=0, comment="meant so. lint: ignore fake-success, unused-errno")
    assert "fake-success" not in _ids(deny_list(rule), LintTarget())
    other = deny("fdatasync", errnoRet=0)
    (finding,) = lint(_read(deny_list(rule, other)), LintTarget(), selection(["fake-success"], []))
    assert finding.at.path == "syscalls[1].errnoRet"


def test_uretprobe_is_filtered_before_6_14_and_elsewhere():
    profile = deny_list(deny("uretprobe"))
    for target, expected in (
        (LintTarget(kernel=(6, 14)), True),
        (LintTarget(kernel=(6, 13)), False),
        (LintTarget(arch="arm64", kernel=(6, 14)), False),
    ):
        assert ("never-filtered" in _ids(profile, target)) is expected


def test_old_engines_drop_what_they_do_not_know():
    profile = deny_list(deny("chmod", errnoRet=38, includes={"minKernel": "4.8"}))
    wanted = selection(["dropped-field"], [])

    def dropped(engine):
        found = lint(_read(profile), LintTarget(engine=Version.of(engine)), wanted)
        return " ".join(finding.message for finding in found)

    assert "errnoRet" in dropped("20.10.9")
    assert "minKernel" not in dropped("20.10.9")
    assert "minKernel" in dropped("18.09")
    assert "includes" in dropped("1.12")
    assert "archMap" in dropped("1.12")
    assert dropped("20.10.10") == ""


def test_a_flag_that_needs_its_library_is_said():
    flag = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
    wanted = selection(["runtime-too-old"], [])

    def severities(**versions):
        target = LintTarget(**{name: Version.of(text) for name, text in versions.items()})
        return [finding.severity for finding in lint(_read(deny_list(flags=[flag])), target, wanted)]

    assert severities(runtime="1.4.3", library="2.6.0") == ["error"]
    assert severities(runtime="1.5.1", library="2.5.4") == ["error"]
    assert severities(runtime="1.5.1") == ["medium"]
    assert severities(runtime="1.5.1", library="2.6.0") == []
    assert severities() == ["medium"]
