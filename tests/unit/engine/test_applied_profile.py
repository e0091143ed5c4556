"""The profile in force follows from what was asked for, and from the engine."""

from dataclasses import replace

import pytest

from runner.engine.applied_profile import applied_profile
from tests.fakes import INFO


def engine(version, **changes):
    return replace(INFO, version=version, **changes)


@pytest.mark.parametrize(
    ("asked", "privileged", "info", "applied"),
    [
        ("", False, engine("26.1.5"), "builtin"),
        ("{}", False, engine("26.1.5"), "{}"),
        ("builtin", False, engine("28.5.2"), "builtin"),
        ("unconfined", False, engine("28.5.2"), "unconfined"),
        ("", True, engine("28.5.2"), "unconfined"),
        ("{}", True, engine("26.1.5"), "unconfined"),
        ("{}", True, engine("27.0.0"), "{}"),
        ("{}", True, engine("28.5.2"), "{}"),
        ("{}", True, engine("4.3.1", name="Podman"), "{}"),
        ("", True, engine("4.3.1", name="Podman"), "unconfined"),
        ("{}", True, engine("dev"), "{}"),
        ("{}", True, None, "{}"),
        ("", True, None, "unconfined"),
        ("", False, None, "builtin"),
        ("{}", False, engine("28.5.2", seccomp=False), "unconfined"),
        ("", False, engine("28.5.2", default_profile="unconfined"), "unconfined"),
        ("", False, engine("28.5.2", default_profile="/etc/p.json"), "/etc/p.json"),
        ("{}", False, engine("28.5.2", default_profile="/etc/p.json"), "{}"),
        ("builtin", False, engine("28.5.2", default_profile="/etc/p.json"), "builtin"),
        ("", True, engine("28.5.2", default_profile="/etc/p.json"), "unconfined"),
    ],
)
def test_a_profile_is_applied_as_the_engine_does(asked, privileged, info, applied):
    assert applied_profile(asked, privileged=privileged, info=info) == applied
