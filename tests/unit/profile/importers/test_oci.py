"""JSON with a profile: OCI configurations, and Podman's and Docker's profiles."""

import json

import pytest

from runner.errors import UsageError
from runner.profile.importers import import_profile
from runner.profile.source.reader import read_profile
from tests.unit.profile.importers.results import verdict


def test_an_oci_configuration_keeps_errnos_and_conditions() -> None:
    config = {
        "ociVersion": "1.0.2",
        "process": {},
        "linux": {
            "seccomp": {
                "defaultAction": "SCMP_ACT_ERRNO",
                "defaultErrnoRet": 13,
                "architectures": ["SCMP_ARCH_X86_64"],
                "syscalls": [
                    {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
                    {
                        "names": ["personality"],
                        "action": "SCMP_ACT_ALLOW",
                        "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}],
                    },
                    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
                ],
            }
        },
    }
    profile = import_profile(json.dumps(config)).profile
    assert verdict(profile, "personality", "8") == "allow"
    assert verdict(profile, "personality", "9") == "EACCES"
    assert verdict(profile, "clone3") == "ENOSYS"


def test_podmans_names_of_errnos_count_as_numbers() -> None:
    text = json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": 1,
            "defaultErrno": "ENOSYS",
            "syscalls": [
                {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
                {"names": ["bdflush"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38, "errno": "EPERM"},
                {"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errno": "EACCES"},
            ],
        }
    )
    profile = import_profile(text).profile
    assert profile.default_errno == 38
    assert verdict(profile, "chmod") == "EACCES"
    assert verdict(profile, "chown") == "ENOSYS"


@pytest.mark.parametrize(
    "text",
    [
        '{"DefaultAction": "SCMP_ACT_ALLOW", "Syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG"}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "x": ' + "1" * 5000 + "}",
    ],
    ids=["keys in another case", "a number of 5000 digits"],
)
def test_a_podman_profile_is_read_as_docker_reads_its_own(text: str) -> None:
    assert import_profile(text, "podman").profile == read_profile(text).profile


@pytest.mark.parametrize("text", ["null", "{}", '{"names": ["read"]}', '{"architectures": []}', "[]"])
def test_json_without_a_default_action_gives_no_profile(text: str) -> None:
    """An engine would read it as "no seccomp at all"."""
    with pytest.raises(UsageError, match=r"no defaultAction|no profile|no system call|are not system calls"):
        import_profile(text)


def test_keys_that_are_not_understood_are_named() -> None:
    with pytest.raises(UsageError, match='"names", "verdict"'):
        import_profile('{"names": ["read"], "verdict": 1}')


def test_fields_that_docker_ignores_are_reported() -> None:
    text = '{"defaultAction": "SCMP_ACT_ERRNO", "sycalls": []}'
    assert any("sycalls" in note for note in import_profile(text).notes)


REMARKS = {
    "Inspektor Gadget's": '// web\n{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [%s]}',
    "a line within": '{\n  // by us\n  "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [%s]}',
    "a block before": '/* by\n us */{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [%s]}',
    "a shell's": '# by us\n{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [%s]}',
    "a last comma": '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [%s,],}',
}


@pytest.mark.parametrize("text", REMARKS.values(), ids=REMARKS)
def test_comments_and_last_commas_are_left_out_with_a_note(text: str) -> None:
    rule = '{"names": ["read"], "action": "SCMP_ACT_ALLOW", "comment": "// no # remark, ] here"}'
    imported = import_profile(text % rule)
    assert imported.profile.rules[0].names == ("read",)
    assert imported.profile.rules[0].comment == "// no # remark, ] here"
    assert imported.notes == (
        "comments, and commas before a closing bracket, are left out: Docker refuses them",
    )


def test_other_json_that_is_broken_is_refused_with_its_place() -> None:
    with pytest.raises(UsageError, match="line 1, column 2: JSON quotes with double quotes"):
        import_profile("{'defaultAction': 'SCMP_ACT_ERRNO'}")
