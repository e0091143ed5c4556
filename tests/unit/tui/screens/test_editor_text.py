"""What the editor says of a profile."""

from runner.content import PROFILES
from runner.tui.screens.editor_text import findings_and_answer
from tests.fakes import INFO

GOOD = """{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures":
["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}], "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ALLOW"}]}"""


def said(text: str, *call: str) -> tuple[str, str]:
    findings, answer = findings_and_answer(text, list(call), INFO, "mine.json")
    return findings.plain, answer.plain


def test_each_finding_has_its_mark_and_line():
    findings, answer = said(GOOD.replace("chmod", "chmodd"))
    assert "! line 2  no system call is called 'chmodd'" in findings
    assert answer == ""


def test_a_text_that_is_no_profile_is_said_in_both_places():
    findings, answer = said("{", "chmod")
    assert findings.startswith("✗ line 1  the file ends too early")
    assert answer.startswith("mine.json:1:2: the file ends too early")


def test_a_call_is_answered():
    assert "chmod() on amd64, number 90: allow\n" in said(GOOD, "chmod")[1]
    assert said(GOOD, "chmdo")[1] == "unknown system call 'chmdo' (did you mean chmod?)"


def test_nothing_against_it_is_said_too():
    default = (PROFILES / "default.json").read_text()
    assert said(default)[0] == "✓ nothing to say against it"
