"""A profile allows the calls that were seen and those that the runtime needs, and nothing else."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.history.defaults import default_of, profile_of
from runner.profile.history.runtime_needs import GO_RUNTIME, base
from runner.profile.model import Operator, Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile
from runner.profile.version import Version
from runner.trace.generate import NAMESPACES, Wishes, generate, uncovered
from runner.trace.trace import Trace, TracedCall


def call(name, *values, architecture="amd64", **more):
    return TracedCall(name=name, arch=architecture, count=3, values=values, **more)


def trace(*calls, **more):
    return Trace(arch="amd64", calls=calls, names=("a run",), **more)


def decisions(profile, *calls):
    """The results for a program under the profile, which is written and read again."""
    simulation = Simulation(read_profile(write_profile(profile)).profile, Target())
    return [simulation.decide(simulation.call(words)).errno or "allowed" for words in calls]


def test_only_calls_that_were_seen_are_allowed():
    profile = generate(trace(call("mkdir"), call("ppoll")), Wishes())
    found = decisions(profile, ["mkdir"], ["ppoll"], ["chmod"], ["mount"])
    assert found == ["allowed", "allowed", "EPERM", "EPERM"]


@pytest.mark.parametrize("runtime", [None, Version.of("1.1.5"), Version.of("1.3.6")])
def test_the_runtimes_own_calls_are_allowed(runtime):
    profile = generate(trace(call("mkdir")), Wishes(runtime=runtime))
    names = {name for rule in profile.rules for name in rule.names}
    assert names == base(runtime) | GO_RUNTIME | {"mkdir"}


def test_only_the_families_seen_are_allowed():
    profile = generate(trace(call("socket", 1, 10)), Wishes())
    assert decisions(profile, ["socket", "1"], ["socket", "10"], ["socket", "16"]) == [
        "allowed", "allowed", "EPERM"
    ]  # fmt: skip
    everything = generate(trace(call("socket", 1, 10)), Wishes(conditions=False))
    assert decisions(everything, ["socket", "16"]) == ["allowed"]


def test_clone_makes_no_namespaces_unless_it_did():
    threads = generate(trace(call("clone", 0x3D0F00)), Wishes())
    assert decisions(threads, ["clone", "0x3d0f00"], ["clone", "17"], ["clone", str(NAMESPACES)]) == [
        "allowed", "allowed", "EPERM"
    ]  # fmt: skip
    [args] = [rule.args for rule in threads.rules if rule.names == ("clone",)]
    assert args[0].op is Operator.MASKED_EQ
    sandbox = generate(trace(call("clone", 0x10000000)), Wishes())
    assert decisions(sandbox, ["clone", str(NAMESPACES)]) == ["allowed"]


@pytest.mark.parametrize("more", [{"more": True}, {}])
def test_an_argument_with_many_values_gets_no_condition(more):
    values = (1, 2) if more else tuple(range(9))
    profile = generate(trace(call("socket", *values, **more)), Wishes())
    assert decisions(profile, ["socket", "99"]) == ["allowed"]


def test_denied_calls_stay_denied_with_their_errno():
    seen = trace(
        call("clone3", errors={"ENOSYS": 3}),
        call("keyctl", errors={"EPERM": 3}),
        denied={"clone3": 38, "keyctl": 1},
    )
    assert decisions(generate(seen, Wishes()), ["clone3"], ["keyctl"]) == ["ENOSYS", "EPERM"]


def test_added_calls_are_distinguished_from_those_seen():
    profile = generate(trace(call("mkdir")), Wishes(added=["rmdir"]))
    [comment] = [rule.comment for rule in profile.rules if rule.names == ("rmdir",)]
    assert "by hand" in comment
    [seen] = [rule.comment for rule in profile.rules if "mkdir" in rule.names]
    assert "a run" in seen
    assert "mkdir 3" in seen


def test_unused_calls_are_removed_from_a_profile_and_conditions_stay():
    default = profile_of(default_of(Version.of("28")))
    profile = generate(trace(call("socket", 1), call("mkdir"), call("keyctl")), Wishes(based_on=default))
    found = decisions(profile, ["mkdir"], ["socket", "1"], ["socket", "40"], ["rmdir"], ["keyctl"])
    assert found == ["allowed", "allowed", "EPERM", "EPERM", "allowed"]


def test_programs_of_another_architecture_may_call_if_they_did():
    profile = generate(trace(call("read"), call("read", architecture="386")), Wishes())
    simulation = Simulation(profile, Target())
    assert simulation.decide(simulation.call(["read"], arch("386"))).executed
    alone = Simulation(generate(trace(call("read")), Wishes()), Target())
    assert not alone.decide(alone.call(["read"], arch("386"))).executed


def test_functions_whose_calls_no_run_made_are_named():
    imports = [("open", ("open", "openat")), ("kill", ("kill",)), ("fork", ("clone", "vfork")), ("puts", ())]
    assert uncovered(trace(call("openat")), imports) == ["fork (clone or vfork)", "kill"]


@pytest.mark.parametrize("plain", [{"architecture": "amd64"}, {"architecture": "386"}])
@pytest.mark.parametrize(
    ("name", "few", "many", "asked"),
    [
        ("clone", (0x3D0F00,), (0x10000000,), [("clone", "0x10000000"), ("clone", "17")]),
        ("socket", (1,), tuple(range(20)), [("socket", "19"), ("socket", "1")]),
        ("keyctl", (1,), (), [("keyctl", "7"), ("keyctl", "1")]),
    ],
)
def test_a_call_that_needs_no_condition_on_one_architecture_has_none(plain, name, few, many, asked):
    other = {"architecture": "386" if plain["architecture"] == "amd64" else "amd64"}
    profile = generate(trace(call(name, *few, **plain), call(name, *many, **other)), Wishes())
    simulation = Simulation(read_profile(write_profile(profile)).profile, Target())
    for words in asked:
        for each in (plain, other):
            assert simulation.decide(simulation.call(words, arch(each["architecture"]))).executed, words


def test_the_arguments_of_all_architectures_are_allowed():
    calls = call("socket", 1), call("socket", 1, 10, architecture="386")
    profile = generate(trace(*calls), Wishes())
    simulation = Simulation(read_profile(write_profile(profile)).profile, Target())
    for abi in ("amd64", "386"):
        made = [
            simulation.decide(simulation.call(["socket", family], arch(abi))).executed
            for family in ("1", "10", "16")
        ]
        assert made == [True, True, False]
    comments = {rule.comment for rule in profile.rules if rule.names == ("socket",)}
    assert comments == {"Seen in a run: 6 times, with these arguments alone."}
