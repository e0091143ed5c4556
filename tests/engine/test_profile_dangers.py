"""The linter's warnings, proven by the kernel: each danger is real, and the advice removes it."""

import json

import pytest

from runner.content import PROFILES
from runner.engine.api import EngineTimeout, StartRefused
from runner.lab.model.container import ContainerSpec
from runner.profile.lint import LintTarget, lint, start_hazards
from runner.profile.model import Target
from runner.profile.source.reader import read_profile

pytestmark = pytest.mark.engine

ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
CALL = """use strict; my ($number, @args) = map { $_ =~ /^[0-9]/ ? $_ + 0 : $_ } @ARGV; my $r = syscall($number, @args);
printf "%s\\n", $r == -1 ? "errno " . ($! + 0) : "ok";"""
CHMOD, FCHMODAT2, SOCKET, CLONE = 90, 452, 41, 56


@pytest.fixture
def run(engine):
    """Run a command under a profile and return it completed."""
    if engine.info.arch != "amd64":
        pytest.skip("the numbers of the calls are x86-64's")
    return lambda profile, *command: engine.run(
        ContainerSpec(command=command), seccomp=json.dumps(profile), timeout=60
    )


@pytest.fixture
def call(run):
    """Make one system call under a profile: `ok`, or its errno."""
    return lambda profile, *args: run(profile, "perl", "-e", CALL, *map(str, args)).output.strip()


def _deny(*rules, default=ALLOW):
    return {"defaultAction": default, "syscalls": [{"action": ERRNO, **rule} for rule in rules]}


def _rules(profile):
    return {finding.rule for finding in lint(read_profile(json.dumps(profile)), LintTarget())}


def test_ways_around_a_denied_call(call):
    profile = _deny({"names": ["chmod", "fchmod", "fchmodat"]})
    assert call(profile, CHMOD, "/tmp", 0o700) == "errno 1"
    assert call(profile, FCHMODAT2, -100, "/tmp", 0o700, 0) == "ok"
    assert "ways-around" in _rules(profile)
    profile["syscalls"][0]["names"].append("fchmodat2")
    assert "ways-around" not in _rules(profile)


def test_wide_comparison_misses_the_upper_half(call):
    def denying(value, op, **more):
        arg = {"index": 1, "value": value, "op": op, **more}
        return _deny({"names": ["chmod"], "args": [arg]})

    equal = denying(0o777, "SCMP_CMP_EQ")
    assert call(equal, CHMOD, "/tmp", 0o777) == "errno 1"
    assert call(equal, CHMOD, "/tmp", 0x1000001FF) == "ok"
    assert "wide-comparison" in _rules(equal)
    masked = denying(0xFFFFFFFF, "SCMP_CMP_MASKED_EQ", valueTwo=0o777)
    assert call(masked, CHMOD, "/tmp", 0x1000001FF) == "errno 1"
    assert "wide-comparison" not in _rules(masked)


def test_the_default_profiles_block_of_af_alg_misses_the_upper_half(call):
    """The linter's finding in the default profile is true: the kernel, not seccomp, answers the second call."""
    profile = json.loads((PROFILES / "default.json").read_text())
    assert call(profile, SOCKET, 38, 5, 0) == "errno 1"
    assert call(profile, SOCKET, 0x100000026, 5, 0) != "errno 1"
    for rule in profile["syscalls"]:
        rule.pop("comment", None)  # in which the shipped profile asks the linter not to report this
    assert "wide-comparison" in _rules(profile)


def test_errno_0_fakes_success(run):
    profile = _deny({"names": ["fchmodat", "chmod"], "errnoRet": 0})
    completed = run(profile, "sh", "-c", "touch /tmp/f; chmod 600 /tmp/f && stat -c %a /tmp/f")
    assert completed.output.strip() == "644"
    assert "fake-success" in _rules(profile)


def test_conditions_on_one_argument_are_alternatives(call):
    args = [{"index": 1, "value": 10, "op": "SCMP_CMP_GE"}, {"index": 1, "value": 20, "op": "SCMP_CMP_LE"}]
    profile = _deny({"names": ["chmod"], "args": args})
    assert call(profile, CHMOD, "/tmp", 0o700) == "errno 1"
    assert "same-argument" in _rules(profile)


def test_the_rule_without_conditions_decides(call):
    arg = {"index": 1, "value": 0o700, "op": "SCMP_CMP_EQ"}
    profile = _deny({"names": ["chmod"]}, {"names": ["chmod"], "args": [arg], "errnoRet": 38})
    assert call(profile, CHMOD, "/tmp", 0o700) == "errno 1"
    assert "shadowed-rule" in _rules(profile)


def test_unknown_names_deny_nothing(call):
    profile = _deny({"names": ["chmodd"]})
    assert call(profile, CHMOD, "/tmp", 0o700) == "ok"
    assert "unknown-name" in _rules(profile)


def test_trace_without_a_tracer_is_enosys(call):
    profile = {"defaultAction": ALLOW, "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_TRACE"}]}
    assert call(profile, CHMOD, "/tmp", 0o700) == "errno 38"
    assert "trace-action" in _rules(profile)


def test_the_old_clone_mask_misses_cgroup_namespaces(call):
    """A rule for calls without a CLONE_NEW… flag; that the stack is 4660 keeps it off the runtime's own calls."""

    def ruling(mask):
        args = [
            {"index": 0, "value": mask, "op": "SCMP_CMP_MASKED_EQ"},
            {"index": 1, "value": 4660, "op": "SCMP_CMP_EQ"},
        ]
        return _deny({"names": ["clone"], "args": args, "errnoRet": 95})

    newcgroup = 0x02000000
    assert call(ruling(2114060288), CLONE, newcgroup, 4660, 0, 0, 0) != "errno 95"
    assert call(ruling(2080505856), CLONE, newcgroup, 4660, 0, 0, 0) == "errno 95"
    assert "old-clone-mask" in _rules(ruling(2080505856))
    assert "old-clone-mask" not in _rules(ruling(2114060288))


@pytest.mark.parametrize(
    ("profile", "rule"),
    [
        ({"defaultAction": ERRNO}, "runtime-base"),
        ({"defaultAction": "SCMP_ACT_KILL_PROCESS"}, "runtime-base"),
        ({"defaultAction": ALLOW, "architectures": ["x86_64"]}, "unknown-architecture"),
        (_deny({"names": ["chmod", ""]}), "empty-name"),
        (_deny({"names": ["chmod"], "errnoRet": 4095}), "errno-too-large"),
        (
            _deny({"names": ["chmod"], "args": [{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}]}),
            "argument-index",
        ),
        (
            _deny(
                *(
                    {
                        "names": ["chmod"],
                        "args": [{"index": 1, "value": 1, "op": "SCMP_CMP_EQ"}],
                        "errnoRet": errno,
                    }
                    for errno in (1, 38)
                )
            ),
            "conflicting-rules",
        ),
        (
            {"defaultAction": ALLOW, "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_NOTIFY"}]},
            "notify-without-listener",
        ),
    ],
)
def test_errors_keep_the_container_from_starting(run, profile, rule):
    assert rule in _rules(profile)
    with pytest.raises(StartRefused):
        run(profile, "true")


def test_an_empty_profile_is_unconfined(run):
    assert "seccomp-off" in _rules({})
    assert "Seccomp:\t0" in run({}, "cat", "/proc/self/status").output


def test_killed_threads_of_the_runtime_hang_the_start(engine):
    """The hazard that is refused before a start, tried nevertheless: the start never ends by itself."""
    profile = {"defaultAction": "SCMP_ACT_KILL"}
    assert start_hazards(read_profile(json.dumps(profile)).profile, Target(arch=engine.info.arch))
    with pytest.raises(EngineTimeout):
        engine.run(ContainerSpec(command=("true",)), seccomp=json.dumps(profile), timeout=5)
    assert engine.run(ContainerSpec(command=("true",)), seccomp="", timeout=60).status == 0


def test_endless_rules_hang_the_start(engine):
    """The order of two rules on one call, and nothing else, decides whether a container starts."""
    first, second = (
        {
            "names": ["chmod"],
            "args": [
                {"index": 0, "value": 1, "op": "SCMP_CMP_GT"},
                {"index": later, "value": 0, "op": "SCMP_CMP_EQ"},
            ],
        }
        for later in (1, 2)
    )
    endless, harmless = (json.dumps(_deny(*rules)) for rules in ((first, second), (second, first)))
    target = Target(arch=engine.info.arch)
    assert [hazard.rule for hazard in start_hazards(read_profile(endless).profile, target)] == [
        "endless-rules"
    ]
    assert not start_hazards(read_profile(harmless).profile, target)
    with pytest.raises(EngineTimeout):
        engine.run(ContainerSpec(command=("true",)), seccomp=endless, timeout=2)
    assert engine.run(ContainerSpec(command=("true",)), seccomp=harmless, timeout=60).status == 0
