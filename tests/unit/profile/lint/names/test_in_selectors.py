"""`runner.profile.lint.names.in_selectors`: names that decide whether a rule applies."""

import pytest

from runner.profile.lint import LintTarget, lint, selection
from tests.unit.profile.lint.examples import ALLOW, deny, deny_list, read


def test_a_rule_for_x32_alone_applies_on_no_machine():
    def told(*arches):
        found = lint(read(deny_list(deny("mount", includes={"arches": arches}))), LintTarget())
        return [finding.message for finding in found if finding.rule == "unknown-condition-arch"]

    assert told("x32") == ["a machine that runs programs of x32 is called amd64: the rule applies on none"]
    assert told("amd64", "x32") == []


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
