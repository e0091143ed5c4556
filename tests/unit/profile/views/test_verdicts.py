"""`runner.profile.views.verdicts`: a profile's decisions on a log's calls, also if arguments are not shown."""

import json

import pytest

from runner import language
from runner.profile.evidence import read_evidence
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.views.verdicts import FAILURES, Verdict, Verdicts

PROFILE = json.dumps(
    {
        "defaultAction": "SCMP_ACT_ERRNO",
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
        "syscalls": [
            {"names": ["read", "write", "exit_group", "fchmodat2"], "action": "SCMP_ACT_ALLOW"},
            {
                "names": ["personality"],
                "action": "SCMP_ACT_ALLOW",
                "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}],
            },
            {"names": ["chmod"], "action": "SCMP_ACT_KILL_PROCESS"},
            {"names": ["chown"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13},
        ],
    }
)


def judge(text: str) -> list[Verdict]:
    simulation = Simulation.of_text(PROFILE, Target(), file="p.json")
    verdicts = Verdicts(simulation)
    evidence = read_evidence(text, simulation.arch, observer=verdicts, wanted=verdicts.wants, errnos=FAILURES)
    verdicts.settle(evidence)
    return list(verdicts)


def test_calls_that_are_always_allowed_are_not_looked_at() -> None:
    simulation = Simulation.of_text(PROFILE, Target())
    wants = Verdicts(simulation).wants
    assert [wants(name) for name in ("read", "personality", "mount", "chmod")] == [False, True, True, True]


def test_calls_are_counted_by_the_arguments_that_the_profile_tests() -> None:
    found = judge(
        "mount(1, 2) = 0\nmount(3, 4) = 0\npersonality(8) = 0\npersonality(9) = 0\npersonality(9) = 0\n"
    )
    assert [(verdict.call.syscall.name, verdict.denied, verdict.count) for verdict in found] == [
        ("mount", True, 2),
        ("personality", False, 1),
        ("personality", True, 2),
    ]


def test_a_call_that_is_always_denied_is_looked_at_once_and_counted_in_full() -> None:
    found = judge("mount(1) = 0\n" * 5 + "mount(1) = -1 EPERM (x)\n" * 2 + "chown(1) = 0\n")
    assert [(verdict.call.syscall.name, verdict.first.errno, verdict.count) for verdict in found] == [
        ("mount", "", 5),
        ("mount", "EPERM", 2),
        ("chown", "", 1),
    ]


def test_an_unknown_argument_is_reported_if_it_matters() -> None:
    record = "type=1326 audit(1.1:1): arch=c000003e syscall={} code=0x50001\n"
    (personality,) = judge(record.format(135))
    assert (personality.denied, personality.certain, personality.open_args) == (True, False, (0,))
    assert "personality(?)" in personality.headline
    (mount,) = judge(record.format(165))
    assert (mount.denied, mount.certain) == (True, True)


@pytest.mark.parametrize(
    ("line", "denied"),
    [
        ("personality(PER_NEVERHEARD) = 0 (PER_LINUX)", False),
        ("personality(PER_NEVERHEARD) = -1 EPERM (x)", True),
        ("personality(PER_NEVERHEARD) = -1 EINVAL (x)", False),
        ("personality(PER_NEVERHEARD)", True),
    ],
)
def test_the_result_decides_for_an_unknown_argument(line: str, denied: bool) -> None:
    (verdict,) = judge(line)
    assert verdict.denied is denied


@pytest.mark.parametrize(
    ("line", "contradicted"),
    [
        ("mount(1) = -1 EPERM (x)", False),
        ("mount(1) = 0", True),
        ("chown(1) = -1 EACCES (x)", False),
        ("chown(1) = -1 EPERM (x)", True),
        ("chmod(1) = ?", False),
        ("chmod(1) = 0", True),
        ("mount(1", False),
        ("type=1326 audit(1.1:1): arch=c000003e syscall=165 code=0x50001", False),
        ("type=1326 audit(1.1:1): arch=c000003e syscall=165 code=0x7ffc0000", True),
    ],
)
def test_evidence_from_elsewhere_is_noticed(line: str, contradicted: bool) -> None:
    (verdict,) = judge(line)
    assert verdict.denied
    assert verdict.contradicted is contradicted


def test_a_call_of_another_architecture_is_judged_as_that_makes_it() -> None:
    (verdict,) = judge("type=1326 audit(1.1:1): arch=40000003 syscall=15 code=0x0\n")
    assert (verdict.call.arch.go, verdict.call.syscall.name, verdict.decision.action) == (
        "386",
        "chmod",
        "kill_process",
    )


def test_a_name_that_the_machine_lacks_is_set_aside() -> None:
    simulation = Simulation.of_text(PROFILE, Target())
    verdicts = Verdicts(simulation)
    read_evidence("set_tls(1) = 0\n", simulation.arch, observer=verdicts, wanted=verdicts.wants)
    assert (list(verdicts), list(verdicts.foreign)) == ([], ["set_tls"])


def test_a_name_that_only_32_bit_programs_have_is_theirs() -> None:
    simulation = Simulation.of_text('{"defaultAction": "SCMP_ACT_ERRNO"}', Target())
    verdicts = Verdicts(simulation)
    read_evidence("vm86old(1) = -1 EPERM\n", simulation.arch, observer=verdicts, wanted=verdicts.wants)
    (verdict,) = verdicts
    assert (verdict.call.arch.go, verdict.call.syscall.number, verdict.denied) == ("386", 113, True)
    assert [arch.go for arch in verdicts.of_32_bits.values()] == ["386"]
    assert verdicts.foreign == {}


def test_the_kinds_of_calls_that_are_kept_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.profile.views.verdicts.MOST_KINDS", 2)
    simulation = Simulation.of_text(PROFILE, Target())
    verdicts = Verdicts(simulation)
    text = "".join(f"personality({number}) = 0\n" for number in range(10, 15))
    read_evidence(text, simulation.arch, observer=verdicts, wanted=verdicts.wants)
    assert (len(list(verdicts)), verdicts.overflow) == (2, 3)


def test_the_app_tells_a_decision_in_its_language():
    (verdict,) = judge('chmod("/a", 0700) = 0\n')
    assert verdict.headline.endswith(": kill process")
    language.use("es")
    try:
        assert verdict.headline == 'chmod("/a", 0700) en amd64, número 90: matar el proceso'
        assert verdict.decision.action == "kill_process"
    finally:
        language.use("")


@pytest.mark.parametrize(
    ("line", "contradicted"),
    [
        ("mount(1, 2) = ? <unavailable>", False),
        ("mount(1, 2) = ?", False),
        ("mount(1, 2) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)", True),
        ("exit(0) = ?", True),
        ("chmod(1, 2) = ?", False),
    ],
)
def test_a_result_that_was_not_seen_contradicts_nothing(line: str, contradicted: bool) -> None:
    (verdict,) = judge(line)
    assert verdict.contradicted is contradicted
