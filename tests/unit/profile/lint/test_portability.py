"""Features that older engines, runtimes and kernels lack."""

import pytest

from runner.profile.lint import LintTarget, lint, selection
from runner.profile.version import Version
from tests.unit.profile.lint.examples import ALLOW, deny, deny_list, ids, read


def test_uretprobe_is_filtered_before_6_14_and_elsewhere():
    profile = deny_list(deny("uretprobe"))
    for target, expected in (
        (LintTarget(kernel=(6, 14)), True),
        (LintTarget(kernel=(6, 13)), False),
        (LintTarget(arch="arm64", kernel=(6, 14)), False),
    ):
        assert ("never-filtered" in ids(profile, target)) is expected


def test_old_engines_drop_unknown_fields():
    profile = deny_list(deny("chmod", errnoRet=38, includes={"minKernel": "4.8"}))
    wanted = selection(["dropped-field"], [])

    def dropped(engine):
        found = lint(read(profile), LintTarget(engine=Version.of(engine)), wanted)
        return " ".join(finding.message for finding in found)

    assert "errnoRet" in dropped("20.10.9")
    assert "minKernel" not in dropped("20.10.9")
    assert "minKernel" in dropped("18.09")
    assert "includes" in dropped("1.12")
    assert "archMap" in dropped("1.12")
    assert dropped("20.10.10") == ""


def test_a_flag_that_needs_a_newer_library_is_reported():
    flag = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
    wanted = selection(["runtime-too-old"], [])

    def severities(**versions):
        target = LintTarget(**{name: Version.of(text) for name, text in versions.items()})
        return [finding.severity for finding in lint(read(deny_list(flags=[flag])), target, wanted)]

    assert severities(runtime="1.4.3", library="2.6.0") == ["error"]
    assert severities(runtime="1.5.1", library="2.5.4") == ["error"]
    assert severities(runtime="1.5.1") == ["medium"]
    assert severities(runtime="1.5.1", library="2.6.0") == []
    assert severities() == ["medium"]


def test_a_single_name_is_the_form_of_the_engines_that_know_no_other():
    profile = deny_list({"name": "chmod", "action": "SCMP_ACT_ERRNO"})
    assert "legacy-name" in ids(profile, LintTarget(engine=Version.of("1.13")))
    assert "legacy-name" not in ids(profile, LintTarget(engine=Version.of("1.12.6")))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("x86_64", "X86_64"), ("arm64", "AARCH64"), ("SCMP_ARCH_ARM64", "AARCH64"), ("ppc64el", "PPC64LE")],
)
def test_an_architecture_by_another_name_leads_to_libseccomps(written: str, meant: str) -> None:
    found = lint(
        read({"defaultAction": ALLOW, "architectures": [written]}),
        LintTarget(),
        selection(["unknown-architecture"], []),
    )
    assert [f"did you mean SCMP_ARCH_{meant}?" in finding.message for finding in found] == [True]
