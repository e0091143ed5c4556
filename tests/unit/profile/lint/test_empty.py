"""`runner.profile.lint.empty`: a text that is read as a profile, and holds one deeper."""

import json

import pytest

from runner.profile.docker_conditions import CONTAINERD, RUNC
from runner.profile.holders.carrier import Carried, Carrier
from runner.profile.lint import LintTarget, lint, selection
from runner.profile.source.reader import read_profile

PROFILE = {"defaultAction": "SCMP_ACT_ALLOW"}
WRAPPER = {"seccomp": PROFILE}
MANIFEST = {"kind": "SeccompProfile", "metadata": {"name": "x"}, "spec": PROFILE}
CONFIGURATION = {"ociVersion": "1.0.2", "process": {}, "linux": {"seccomp": PROFILE}}


def said(value: object, target: LintTarget) -> list[str]:
    found = lint(read_profile(json.dumps(value)), target, selection(["seccomp-off"], []))
    return [finding.message for finding in found]


def test_without_a_name_no_command_is_told() -> None:
    assert said(WRAPPER, LintTarget()) == [
        "the profile stands deeper, at seccomp, where Docker does not look: the container runs unconfined; write it "
        "alone to a file, and give that"
    ]
    (message,) = said(WRAPPER, LintTarget(named="p.json"))
    assert "`workshop profile import p.json -o profile.json`" in message


def test_a_runtimes_configuration_is_told_to_be_written_out_by_its_name_alone() -> None:
    carried = Carried(Carrier.CONFIGURATION, "linux.seccomp")
    (message,) = said(PROFILE, LintTarget(carried=carried))
    assert message.endswith("; write it alone to a file, or say --for runc")
    (message,) = said(PROFILE, LintTarget(carried=carried, named="config.json"))
    assert message.endswith("`workshop profile import config.json -o profile.json`, or say --for runc")


@pytest.mark.parametrize(
    ("value", "reader", "where"),
    [
        (MANIFEST, "", "at spec, where Docker"),
        (MANIFEST, CONTAINERD, ""),
        (CONFIGURATION, "", "at linux.seccomp, where Docker"),
        (CONFIGURATION, CONTAINERD, "at linux.seccomp, where containerd"),
        (CONFIGURATION, RUNC, ""),
        (WRAPPER, CONTAINERD, "at seccomp, where containerd"),
    ],
)
@pytest.mark.parametrize("reader_named", [True, False])
def test_the_program_that_looks_into_such_a_file_finds_its_profile(
    value: object, reader: str, reader_named: bool, where: str
) -> None:
    messages = said(value, LintTarget(reader=reader, reader_named=reader_named))
    assert bool(messages) == bool(where)
    assert all(where in message for message in messages)


def test_a_text_that_holds_no_profile_at_all_turns_seccomp_off() -> None:
    assert said({}, LintTarget(reader=CONTAINERD)) == [
        "no defaultAction and no rules: the container runs unconfined"
    ]
