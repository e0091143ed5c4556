"""The profile in force is the engine's; where it is not known, that is said."""

import json
from dataclasses import replace

import pytest

from runner.engine.api import ContainerState
from runner.trace.in_force import in_force
from tests.fakes import INFO

NO_CHMOD = json.dumps(
    {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}
)


def state(seccomp="", *, privileged=False):
    return ContainerState(
        running=True,
        exit_code=0,
        seccomp=seccomp,
        apparmor="",
        cap_add=(),
        cap_drop=(),
        privileged=privileged,
        network_mode="none",
    )


def engine(version="28.5.2", **changes):
    return replace(INFO, version=version, **changes)


def allowed(container, info):
    """The calls of two that are allowed: a profile above denies the one, and the default profile the other."""
    simulation = in_force(container, info).simulation
    return [name for name in ("chmod", "keyctl") if simulation.decide(simulation.call([name])).executed]


@pytest.mark.parametrize(
    ("container", "info", "calls", "said"),
    [
        (state(), engine(), ["chmod"], ""),
        (state("builtin"), engine(), ["chmod"], ""),
        (state("unconfined"), engine(), ["chmod", "keyctl"], ""),
        (state(NO_CHMOD), engine(), ["keyctl"], ""),
        (state(privileged=True), engine(), ["chmod", "keyctl"], ""),
        (state(NO_CHMOD, privileged=True), engine(), ["keyctl"], ""),
        (state(NO_CHMOD, privileged=True), engine("26.1.5"), ["chmod", "keyctl"], "before Engine 27"),
        (state(), engine(seccomp=False), ["chmod", "keyctl"], ""),
        (state(), engine(default_profile="unconfined"), ["chmod", "keyctl"], ""),
        (state(), engine(default_profile="/no/such.json"), ["chmod"], "/no/such.json, which cannot be read"),
        (state("builtin"), engine(default_profile="/no/such.json"), ["chmod"], ""),
        (state(NO_CHMOD), engine(default_profile="/no/such.json"), ["keyctl"], ""),
        (state(), engine("4.3.1", name="Podman"), ["chmod"], "Podman 4.3.1 is not known"),
        (state(NO_CHMOD), engine("4.3.1", name="Podman"), ["keyctl"], ""),
        (state(), engine("dev"), ["chmod"], "Docker dev is not known"),
    ],
)
def test_calls_are_judged_by_the_profile_in_force(container, info, calls, said):
    assert allowed(container, info) == calls
    told = in_force(container, info).caveat
    assert said in told if said else told == ""


@pytest.mark.parametrize(
    ("place", "calls"),
    [
        ({}, ["keyctl"]),
        ({"endpoint": "tcp://example:2376"}, ["chmod"]),
        ({"isolation": "vm"}, ["chmod"]),
    ],
)
def test_a_configured_default_counts_where_it_is_the_engines(tmp_path, place, calls):
    """A file of this machine is none of another one's."""
    file = tmp_path / "default.json"
    file.write_text(NO_CHMOD)
    info = engine(default_profile=str(file), **place)
    assert allowed(state(), info) == calls
    profile = in_force(state(), info)
    assert (profile.simulation.file == str(file)) is not bool(place)
    assert bool(profile.caveat) is bool(place)
