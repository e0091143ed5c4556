"""`runner.profile.lint.start`: the calls that the runtime itself needs."""

import pytest

from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.filter.runtime_needs import base
from runner.profile.lint import LintTarget, lint, selection, start_hazards
from runner.profile.model import Target
from runner.profile.version import Version
from tests.unit.profile.lint.examples import (
    BASE,
    ENDLESS,
    ERRNO,
    KILL,
    X86,
    allow,
    arg,
    deny_list,
    ids,
    read,
)


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
