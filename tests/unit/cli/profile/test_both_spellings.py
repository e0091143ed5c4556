"""A profile that engines refuse for a rule with `name` and `names` is corrected where a new one is made of it."""

import json

import pytest

from runner.errors import ExitCode

BOTH = {
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"name": "chmod", "names": ["fchmod"], "action": "SCMP_ACT_ERRNO"}],
}


@pytest.mark.parametrize(
    "command",
    [
        ("edit", "-", "--deny", "mkdir"),
        ("edit", "allow", "--merge", "intersection", "--with", "-"),
        ("import", "-"),
        ("export", "-", "--to", "docker"),
    ],
)
def test_a_new_profile_has_names_alone(profile, command: tuple[str, ...]) -> None:
    code, out, err = profile(*command, stdin=json.dumps(BOTH))
    assert code == ExitCode.OK
    rules = json.loads(out)["syscalls"]
    assert not any("name" in rule for rule in rules)
    assert {"chmod", "fchmod"} <= {name for rule in rules for name in rule["names"]}
    assert "line 1: a rule gave both 'name' and 'names', which engines refuse" in err


def test_an_edit_says_if_engines_refuse_what_it_made(profile) -> None:
    both = {**BOTH, "architectures": ["SCMP_ARCH_X86"], "archMap": [{"architecture": "SCMP_ARCH_X86_64"}]}
    err = profile("edit", "-", "--deny", "mkdir", stdin=json.dumps(both))[2]
    assert "engines refuse the profile as it is now: both 'architectures' and 'archMap'" in err
    assert "engines refuse the profile" not in profile("edit", "default", "--deny", "mkdir")[2]
