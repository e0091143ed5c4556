"""`runner.profile.conditional`: one call with certain arguments decided anew, and every other call as before."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.profile.conditional import decide_for
from runner.profile.errors import ProfileError
from runner.profile.model import Action, Profile, Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile

ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
EQ = "SCMP_CMP_EQ"


def read(default: str, *rules: dict[str, object]) -> Profile:
    # A call with a high number keeps runc's own answer for unknown calls out of this.
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


def test_what_cannot_be_expressed_is_refused_and_not_done_by_halves() -> None:
    profile = read(ALLOW, {"names": ["socket"], "action": ERRNO, "args": [condition(0, 1, "SCMP_CMP_GE")]})
    with pytest.raises(ProfileError, match="cannot be expressed"):
        decide_for(profile, "socket", {0: 2}, Action.ALLOW)


def test_what_holds_already_is_not_written_again() -> None:
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
