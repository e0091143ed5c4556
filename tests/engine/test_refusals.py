"""On a real engine: the reason found for a failed start is the right one."""

import json

import pytest

from runner.check.context import NotThere
from runner.check.probes import observe
from runner.lab.model.check import ContainerProbe, TranscriptProbe
from runner.lab.model.container import ContainerSpec
from runner.lab.model.workshop import Workshop
from runner.stage.environment import open_stage

pytestmark = pytest.mark.engine

WORKSHOP = Workshop("w", "W", "", ContainerSpec(), (), ())
ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"


def denying(*names, action=ERRNO, **more):
    return json.dumps({"defaultAction": ALLOW, "syscalls": [{"names": names, "action": action, **more}]})


FILTERS = {
    "everything": json.dumps({"defaultAction": ERRNO}),
    "capset": denying("capset"),
    "setuid": denying("setuid"),
    "chdir": denying("chdir"),
    "prctl": denying("prctl"),
    "openat": denying("openat"),
    "setgroups": denying("setgroups"),
}
NO_PROFILES = {
    "empty": "",
    "blank": "\n",
    "not JSON": "no profile\n",
    "cut short": '{"defaultAction": "SCMP_ACT_ALLOW",',
    "a list": "[]",
    "no such action": json.dumps({"defaultAction": "SCMP_ACT_NO"}),
    "no such action in a rule": denying("capset", action="SCMP_ACT_NO"),
    "no such architecture": json.dumps({"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_NO"]}),
    "no listener": denying("mkdir", action="SCMP_ACT_NOTIFY"),
    "a seventh argument": denying("mkdir", args=[{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}]),
}


@pytest.fixture
def stage(engine):
    with open_stage(engine, WORKSHOP) as stage:
        yield stage


@pytest.fixture
def refused(stage):
    def look(profile, *command, **more):
        stage.workspace.write("my.json", profile)
        spec = ContainerSpec(
            command=command or ("whoami",),
            cap_add=("ALL",),
            security_opt=("seccomp=my.json", "apparmor=unconfined"),
            **more,
        )
        seen = observe(ContainerProbe(spec), stage.probe_context, 60)
        assert seen.started is (not seen.facts)
        return seen.facts.get("refused")

    return look


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_denies_the_runtime_s_calls_is_to_blame(refused, name):
    assert refused(FILTERS[name]) == ("filter",)


@pytest.mark.parametrize("name", NO_PROFILES)
def test_a_file_that_is_no_profile_denies_nothing(refused, name):
    assert refused(NO_PROFILES[name]) == ("profile",)


@pytest.mark.parametrize("profile", [denying("mkdir"), "{}"], ids=["a profile", "no filter"])
def test_what_is_wrong_with_the_rest_is_not_the_profile_s_fault(refused, profile):
    assert refused(profile) is None
    assert refused(profile, "/no-such-program") == ("other",)
    assert refused(profile, user="no-such-user") == ("other",)


def test_what_could_hang_the_engine_is_not_tried(refused):
    assert refused(json.dumps({"defaultAction": "SCMP_ACT_KILL"})) == ("hazard",)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("docker run --rm --security-opt seccomp=filter.json lab whoami", ("filter",)),
        ("docker run --rm --security-opt seccomp=filter.json lab whoami; echo $?", ("filter",)),
        ("docker run --rm --security-opt seccomp=broken.json lab whoami", None),
        ("docker run --rm --security-opt seccomp=list.json lab whoami", ("profile",)),
        ("docker run --rm --security-opt seccomp=none.json lab whoami", None),
        ("docker run --rm --pull never --security-opt seccomp=filter.json lab:none whoami", ("other",)),
        ("docker run --rm --no-such-option --security-opt seccomp=filter.json lab whoami", None),
        ("docker run --rm lab no-such-program whoami", ("other",)),
        ("DOCKER_HOST=unix:///none docker run --rm --security-opt seccomp=filter.json lab whoami", None),
        ("docker run --rm lab whoami", None),
    ],
)
def test_a_line_that_was_typed_is_blamed_on_what_it_failed_for(stage, line, why):
    stage.workspace.write("filter.json", FILTERS["capset"])
    stage.workspace.write("broken.json", "{")
    stage.workspace.write("list.json", "[]")
    stage.type("host", line, 60)
    probe = TranscriptProbe("host", r"\bdocker\b.*\brun\b")
    assert observe(probe, stage.probe_context, 60).facts.get("refused") == why


def test_a_status_is_that_of_the_command_which_is_meant(stage):
    probe = TranscriptProbe("host", r"\bsh -c .exit")
    with pytest.raises(NotThere):
        observe(probe, stage.probe_context, 60)
    for line, status in [
        ("sh -c 'exit 3' | cat", 3),
        ("sh -c 'exit 4'; echo $?", 4),
        ("true; sh -c 'exit 5'", 5),
        ("sh -c 'exit 6'; true", None),
        ("sh -c 'exit 7' & wait", None),
        ("(sh -c 'exit 8')", 8),
    ]:
        stage.type("host", line, 60)
        assert observe(probe, stage.probe_context, 60).exit == status, line
