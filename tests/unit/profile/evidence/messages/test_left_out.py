"""`runner.profile.evidence.messages.left_out`: a runtime's warning that it leaves a call out is no refusal."""

import pytest

from runner.profile.evidence.messages import told


@pytest.mark.parametrize(
    "line",
    [
        'level=debug msg="unknown seccomp syscall \\"mseal\\" ignored"',
        "2026-11-11T10:00:00.123456Z: unknown seccomp syscall `mseal` ignored",
        "[WARNING] unknown seccomp syscall `mseal` ignored",
    ],
)
def test_a_warning_of_a_runtime_says_what_becomes_of_the_call(line: str) -> None:
    found = told(line)
    assert found is not None
    assert (found.calls, found.refused, found.runtime) == ((), False, False)
    assert "left mseal out of the profile, and refused nothing" in found.meaning
    assert "`workshop profile history mseal`" in found.step
    assert "simulate FILE mseal --libseccomp V" in found.step


@pytest.mark.parametrize(
    ("name", "near"), [("chmdo", " (did you mean chmod?)"), ("quite_new_one", "nor is one known here")]
)
def test_a_call_that_nobody_knows_is_left_out_too(name: str, near: str) -> None:
    found = told(f"unknown seccomp syscall `{name}` ignored")
    assert found is not None
    assert found.meaning.endswith(near)
