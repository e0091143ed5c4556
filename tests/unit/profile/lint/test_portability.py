"""Features that older engines, runtimes and kernels lack."""

import pytest

from runner.profile.lint import LintTarget, lint, selection
from runner.profile.version import Version
from tests.unit.profile.lint.examples import ALLOW, allow, allow_list, deny, deny_list, ids, read


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


def test_a_rule_for_x32_alone_applies_on_no_machine():
    def told(*arches):
        found = lint(read(deny_list(deny("mount", includes={"arches": arches}))), LintTarget())
        return [finding.message for finding in found if finding.rule == "unknown-condition-arch"]

    assert told("x32") == ["a machine that runs programs of x32 is called amd64: the rule applies on none"]
    assert told("amd64", "x32") == []


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


@pytest.mark.parametrize(
    ("written", "meant"),
    [("SCMP_ARCH_X86_64", "amd64"), ("armhf", "arm"), ("i686", "x86"), ("mips64le", "mipsel64")],
)
def test_an_architecture_of_a_condition_by_another_name_leads_to_dockers(written: str, meant: str) -> None:
    profile = deny_list(deny("chmod", includes={"arches": [written]}))
    found = lint(read(profile), LintTarget(), selection(["unknown-condition-arch"], []))
    assert [finding.message.endswith(f"Docker calls it {meant}") for finding in found] == [True]


def test_an_entry_of_archmap_by_another_name_is_never_used() -> None:
    arch_map = [{"architecture": "x86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]
    found = lint(
        read({"defaultAction": ALLOW, "archMap": arch_map}),
        LintTarget(),
        selection(["unknown-condition-arch"], []),
    )
    assert [(each.at.path, each.message.rpartition(" ")[2]) for each in found] == [
        ("archMap[0].architecture", "SCMP_ARCH_X86_64")
    ]
    arch_map[0]["architecture"] = "SCMP_ARCH_SPARC"
    assert not lint(
        read({"defaultAction": ALLOW, "archMap": arch_map}),
        LintTarget(),
        selection(["unknown-condition-arch"], []),
    )


@pytest.mark.parametrize(
    ("library", "severities"), [("2.3.2", ["high", "medium"]), ("2.3.3", []), ("2.6", []), (None, [])]
)
def test_a_name_that_the_library_does_not_know_yet_is_left_out(
    library: str | None, severities: list[str]
) -> None:
    target = LintTarget(library=Version.of(library) if library else None)
    wanted = selection(["unknown-name"], [])
    found = [
        each
        for profile in (deny_list(deny("statx")), {**allow_list(), "syscalls": [allow("statx")]})
        for each in lint(read(profile), target, wanted)
        if "statx" in each.message
    ]
    assert [each.severity for each in found] == severities
    assert all(
        "libseccomp 2.3.2 does not know statx, which 2.3.3 is the first to know" in each.message
        for each in found
    )
