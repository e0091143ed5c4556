"""`runner.profile.conditional`: a new decision on one call with certain arguments, and no change for other calls."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.content import folder
from runner.profile.conditional import decide_for
from runner.profile.errors import ProfileError
from runner.profile.model import Action, Profile, Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile

ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
EQ = "SCMP_CMP_EQ"


def read(default: str, *rules: dict[str, object]) -> Profile:
    # A call with a high number keeps runc's answer for unknown calls out of this test.
    high = {"names": ["fchmodat2"], "action": ALLOW}
    return read_profile(json.dumps({"defaultAction": default, "syscalls": [*rules, high]})).profile


def outcomes(profile: Profile) -> dict[tuple[str, int, int], str]:
    simulation = Simulation(profile, Target())
    calls = itertools.product(("socket", "personality", "read"), (0, 1, 2, 8), (0, 1, 2))
    found = {}
    for name, first, second in calls:
        decision = simulation.decide(simulation.call((name, str(first), str(second))))
        found[name, first, second] = decision.errno or decision.action
    return found


def condition(index: int, value: int, op: str = EQ) -> dict[str, object]:
    return {"index": index, "value": value, "op": op}


PROFILES = {
    "an allow-list": read(ERRNO, {"names": ["read"], "action": ALLOW}),
    "an allow-list with a condition": read(
        ERRNO, {"names": ["socket"], "action": ALLOW, "args": [condition(0, 1)]}
    ),
    "an allow-list with another errno": read(
        ERRNO, {"names": ["socket", "read"], "action": ERRNO, "errnoRet": 38}
    ),
    "a deny-list": read(ALLOW, {"names": ["socket", "personality"], "action": ERRNO}),
    "a deny-list with the same condition": read(
        ALLOW, {"names": ["socket"], "action": ERRNO, "args": [condition(0, 2)]}
    ),
    "a deny-list with a condition on another argument": read(
        ALLOW, {"names": ["socket"], "action": ERRNO, "args": [condition(1, 1)]}
    ),
    "a deny-list with conditions on two arguments": read(
        ALLOW, {"names": ["socket"], "action": ERRNO, "args": [condition(0, 2), condition(1, 1)]}
    ),
    "a deny-list with alternatives on one argument": read(
        ALLOW, {"names": ["socket"], "action": ERRNO, "args": [condition(1, 1), condition(1, 1)]}
    ),
    "a deny-list that lets it through": read(ALLOW, {"names": ["read"], "action": ERRNO}),
}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("values", [{0: 2}, {0: 2, 1: 1}, {1: 2}], ids=str)
@pytest.mark.parametrize("action", [Action.ALLOW, Action.ERRNO])
def test_only_the_call_that_is_meant_changes(
    profile: Profile, values: dict[int, int], action: Action
) -> None:
    before, after = outcomes(profile), outcomes(decide_for(profile, "socket", values, action))
    for (name, first, second), outcome in after.items():
        args = (first, second)
        meant = name == "socket" and all(args[index] == value for index, value in values.items())
        expected = ("allow" if action is Action.ALLOW else "EPERM") if meant else before[name, first, second]
        assert outcome == expected, (name, first, second)


def test_a_change_that_cannot_be_expressed_is_refused_as_a_whole() -> None:
    profile = read(ALLOW, {"names": ["socket"], "action": ERRNO, "args": [condition(0, 1, "SCMP_CMP_GE")]})
    with pytest.raises(ProfileError, match="cannot be expressed"):
        decide_for(profile, "socket", {0: 2}, Action.ALLOW)


@pytest.mark.parametrize(
    ("default", "allowed", "value"),
    [
        (ERRNO, condition(0, 1, "SCMP_CMP_GE"), 50),
        (ERRNO, condition(0, 0xF, "SCMP_CMP_MASKED_EQ") | {"valueTwo": 2}, 2),
        (ERRNO, condition(0, 100, "SCMP_CMP_NE"), 2),
        (ERRNO, condition(0, 0xFFFFFFFF, "SCMP_CMP_NE"), 0x100000000),
        ("SCMP_ACT_KILL_PROCESS", condition(0, 1, "SCMP_CMP_GE"), 2),
    ],
    ids=["a long range", "a mask", "two far values", "a wide value", "another action than the default"],
)
def test_no_range_is_split_where_that_takes_many_rules_or_libseccomp_errs(default, allowed, value) -> None:
    profile = read(default, {"names": ["socket"], "action": ALLOW, "args": [allowed]})
    with pytest.raises(ProfileError, match="cannot be expressed"):
        decide_for(profile, "socket", {0: value}, Action.ERRNO)


@given(
    op=st.sampled_from(("LT", "LE", "GT", "GE", "NE")),
    limit=st.sampled_from((0, 1, 5, 38, 2**31, 2**32 - 9)),
    away=st.integers(-6, 6),
    second=st.booleans(),
)
@settings(max_examples=60)
def test_a_range_is_split_around_a_value_and_decides_the_rest_as_before(op, limit, away, second) -> None:
    value = max(limit + away, 0)
    conditions = [condition(0, limit, f"SCMP_CMP_{op}"), *([condition(1, 7)] if second else [])]
    rule = {"names": ["socket", "read"], "action": ALLOW, "args": conditions}
    profile = read(ERRNO, rule)
    before, after = (
        Simulation(each, Target())
        for each in (profile, decide_for(profile, "socket", {0: value}, Action.ERRNO))
    )
    near = {limit + step for step in range(-8, 9)} | {0, 2**31, 2**32 + 38, 2**63, 2**64 - 1}
    for first, other in itertools.product((each for each in near if 0 <= each < 2**64), (0, 7)):
        words = (str(first), str(other))
        passed = after.decide(after.call(("socket", *words))).executed
        assert passed is (first != value and before.decide(before.call(("socket", *words))).executed), words
        reads = [each.decide(each.call(("read", *words))).executed for each in (before, after)]
        assert reads[0] is reads[1], words


def test_a_family_is_taken_out_of_the_default_profiles_range() -> None:
    default = read_profile((Path(folder("profiles")) / "default.json").read_bytes()).profile
    simulation = Simulation(decide_for(default, "socket", {0: 16}, Action.ERRNO), Target())
    denied = {
        family
        for family in range(50)
        if not simulation.decide(simulation.call(("socket", str(family)))).executed
    }
    assert denied == {16, 38, 40}


def test_a_decision_that_holds_already_is_not_written_again() -> None:
    profile = read(ERRNO, {"names": ["socket"], "action": ALLOW, "args": [condition(0, 2)]})
    assert decide_for(profile, "socket", {0: 2}, Action.ALLOW) == profile
    assert decide_for(profile, "chmod", {0: 2}, Action.ERRNO) == profile


@given(value=st.integers(0, 2**64 - 1))
def test_any_value_is_let_through_and_its_neighbours_are_not(value: int) -> None:
    simulation = Simulation(
        decide_for(PROFILES["an allow-list"], "socket", {0: value}, Action.ALLOW), Target()
    )
    for other in (value, value ^ 1, value ^ 1 << 63):
        assert simulation.decide(simulation.call(("socket", str(other)))).executed is (other == value)
