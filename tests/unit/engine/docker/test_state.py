"""A container's state, from the engine's answer."""

import pytest

from runner.engine.docker.state import container_state


def answer(**host):
    return {
        "State": {"Running": True, "ExitCode": 0},
        "Config": {},
        "HostConfig": {"Privileged": False, "NetworkMode": "none", **host},
    }


@pytest.mark.parametrize("privileged", [True, False])
@pytest.mark.parametrize(
    ("options", "seccomp"),
    [
        (None, ""),
        (["apparmor=unconfined"], ""),
        (["seccomp=unconfined"], "unconfined"),
        (["seccomp:unconfined"], "unconfined"),
        (["seccomp=builtin"], "builtin"),
        (['seccomp={"defaultAction": "SCMP_ACT_ALLOW"}'], '{"defaultAction": "SCMP_ACT_ALLOW"}'),
    ],
)
def test_the_profile_is_what_was_asked_for(privileged, options, seccomp):
    state = container_state(answer(Privileged=privileged, SecurityOpt=options))
    assert (state.seccomp, state.privileged) == (seccomp, privileged)
