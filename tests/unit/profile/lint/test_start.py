"""The linter's errors, and the simulator's refusals, compared with measured starts."""

import pytest

from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.finding import Severity
from runner.profile.history.runtime_needs import base
from runner.profile.lint import LintTarget, lint, selection, start_hazards
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile
from runner.profile.version import Version
from tests.unit.profile.lint.examples import (
    BASE,
    ENDLESS,
    ERRNO,
    KILL,
    X86,
    allow,
    arg,
    deny,
    deny_list,
    ids,
    read,
)
from tests.unit.profile.lint.starts import STARTS, Start

NEEDS = {"runtime-base", "start-hang"}
"""The rules on profiles whose filter can be loaded, but whose container does not start."""


def errors(profile: str, runtime: str) -> set[str]:
    """The rules that report that a usual container does not start."""
    try:
        reading = read_profile(profile)
    except ProfileError:
        return {"unreadable"}
    found = lint(reading, LintTarget(runtime=Version.of(runtime)))
    return {finding.rule for finding in found if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_lint_has_an_error_exactly_where_a_container_did_not_start(start: Start) -> None:
    assert {runtime for runtime in start.starts if errors(start.profile, runtime)} == set()
    assert {runtime for runtime in start.fails if not errors(start.profile, runtime)} == set()


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_the_simulator_refuses_exactly_the_profiles_that_could_not_be_loaded(start: Start) -> None:
    for runtime in (*start.starts, *start.fails):
        target = Target(caps=DEFAULT_CAPABILITIES, runtime=Version.of(runtime))
        loads = runtime in start.starts or not errors(start.profile, runtime) - NEEDS
        try:
            Simulation.of_text(start.profile, target)
        except ProfileError:
            assert not loads, runtime
        else:
            assert loads, runtime


def test_the_measurements_cover_most_of_the_rules_on_starts() -> None:
    seen = {rule for start in STARTS for runtime in start.fails for rule in errors(start.profile, runtime)}
    assert seen >= {
        *(
            "runtime-base",
            "unknown-architecture",
            "byte-order",
            "unknown-flag",
            "runtime-too-old",
            "empty-name",
        ),
        *("notify-write", "notify-default", "notify-without-listener", "argument-index", "errno-too-large"),
        *("conflicting-rules", "filter-refused", "faulty-rule"),
    }


def test_a_rule_that_only_some_containers_get_is_no_error() -> None:
    """With all capabilities the container does not start: unexpected, but the usual container starts."""
    rule = '{"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errnoRet": 4095, "%s": {"caps": ["CAP_SYS_ADMIN"]}}'
    severities = {}
    for key in ("includes", "excludes"):
        text = f'{{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{rule % key}]}}'
        (finding,) = lint(
            read_profile(text), LintTarget(), lambda identifier: identifier == "errno-too-large"
        )
        severities[key] = finding.severity
        assert ("all capabilities" in finding.message) is (key == "includes")
    assert severities == {"includes": Severity.MEDIUM, "excludes": Severity.ERROR}


@pytest.mark.parametrize(
    ("call", "releases"), [("openat2", "1.2.8"), ("openat2", "1.3.3"), ("statx", "1.3.3"), ("futex", "1.2.0")]
)
def test_needs_of_single_releases(call: str, releases: str) -> None:
    text = f'{{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{{"names": ["{call}"], "action": "SCMP_ACT_ERRNO"}}]}}'
    assert "runtime-base" in errors(text, releases)
    assert "runtime-base" not in errors(text, "1.1.15")


def test_the_base_depends_on_the_runtime():
    names = sorted(base(Version.of("1.1.5")))
    profile = {"defaultAction": ERRNO, "syscalls": [allow(*names)]}
    assert "runtime-base" not in ids(profile, LintTarget(runtime=Version.of("1.1.5")))
    wanted = selection(["runtime-base"], [])
    messages = {
        version: [
            finding.message
            for finding in lint(read(profile), LintTarget(runtime=Version.of(version)), wanted)
        ]
        for version in ("1.2.6", "1.3.6")
    }
    assert messages == {
        "1.2.6": ["runc 1.2.6 itself needs calls that the profile denies: futex"],
        "1.3.6": ["runc 1.3.6 itself needs calls that the profile denies: futex statx"],
    }


def test_all_calls_that_the_runtime_needs_are_listed():
    (finding,) = lint(
        read({"defaultAction": ERRNO, "archMap": X86}), LintTarget(), selection(["runtime-base"], [])
    )
    assert "more" not in finding.message
    assert "setgroups setuid" in finding.message


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
    hazards = start_hazards(read(profile).profile, Target(caps=ALL_CAPABILITIES))
    assert bool(hazards) is is_hazard
    assert all("hangs" in str(hazard) for hazard in hazards)


KEEP_ON, KEEP_OFF = "prctl(PR_SET_KEEPCAPS, 1)", "prctl(PR_SET_KEEPCAPS, 0)"
DROP = "prctl(PR_CAPBSET_DROP"


@pytest.mark.parametrize(
    ("call", "conditions", "denied"),
    [
        ("prctl", [arg(1, 0)], {KEEP_OFF}),
        ("prctl", [arg(0, 8)], {KEEP_ON, KEEP_OFF}),
        ("prctl", [arg(0, 8), arg(1, 1)], {KEEP_ON}),
        ("prctl", [arg(0, 24)], {DROP}),
        ("prctl", [arg(0, 8, "NE")], {DROP}),
        ("prctl", [arg(2, 0)], {KEEP_ON, KEEP_OFF, DROP}),
        ("prctl", [arg(0, 23)], set()),
        ("prctl", [arg(0, 38)], set()),
        ("prctl", [arg(0, 47)], set()),
        ("prctl", [arg(2, 1)], set()),
        ("setuid", [arg(0, 0)], {"setuid(0)"}),
        ("setgid", [arg(0, 0)], {"setgid(0)"}),
        ("setuid", [arg(0, 5)], set()),
        ("setgroups", [arg(0, 0)], set()),
    ],
)
def test_runcs_calls_are_also_checked_by_their_arguments(call, conditions, denied) -> None:
    """The container did not start, or did, with runc 1.1.5; in the last cases the program ran as root."""
    found = lint(read(deny_list(deny(call, args=conditions))), LintTarget(), selection(["runtime-base"], []))
    assert {
        text for text in (KEEP_ON, KEEP_OFF, DROP, "setuid(0)", "setgid(0)") if text in str(found)
    } == denied
    assert len(found) == len(denied)
    for finding in found:
        assert finding.severity is (Severity.MEDIUM if "as root" in finding.message else Severity.ERROR)
        assert finding.at.path == "syscalls[0].names[0]"


def test_an_allow_list_must_let_runcs_own_arguments_through() -> None:
    def found(*conditions):
        others = [name for name in BASE if name != "prctl"]
        rules = [allow(*others), *(allow("prctl", args=[condition]) for condition in conditions)]
        profile = {"defaultAction": ERRNO, "archMap": X86, "syscalls": rules}
        return lint(read(profile), LintTarget(), selection(["runtime-base"], []))

    assert not found(arg(0, 8), arg(0, 24))
    assert not found(arg(0, 100, "LE"))
    assert [DROP in each.message for each in found(arg(0, 8))] == [True]
    (whole,) = lint(read(deny_list(deny("prctl"))), LintTarget(), selection(["runtime-base"], []))
    assert "needs calls that the profile denies: prctl" in whole.message
