"""`runner.profile.views.kernel_log`: whether a decision is recorded, and where."""

import pytest

from runner.profile.views.kernel_log import FLAG_LOG, log_lines

ALL = frozenset(["kill_process", "kill_thread", "trap", "errno", "user_notif", "trace", "log"])
"""As Linux 6.12 lists them."""


def test_a_logged_call_is_recorded_if_the_kernel_is_set_to() -> None:
    first, limit = log_lines("log", (), ALL)
    assert all(
        word in first for word in ("type=1326", "dmesg", "journalctl -k", "audit.log", "actions_logged")
    )
    assert "few records" in limit
    (missing,) = log_lines("log", (), ALL - {"log"})
    assert "no record of it on this machine" in missing
    assert "sysctl -w kernel.seccomp.actions_logged=" in missing
    assert "if kernel.seccomp.actions_logged lists log" in log_lines("log", (), None)[0]


@pytest.mark.parametrize("action", ["errno", "trap", "trace", "notify"])
def test_a_refused_call_is_recorded_only_with_the_flag(action: str) -> None:
    (line,) = log_lines(action, (), ALL)
    assert FLAG_LOG in line
    assert "no record" in line
    assert "writes a record" in log_lines(action, (FLAG_LOG,), ALL)[0]
    assert "does not hand it on" in log_lines(action, (FLAG_LOG,), ALL, engine_drops_flags=True)[0]


@pytest.mark.parametrize("action", ["kill_process", "kill_thread"])
def test_a_killed_program_is_recorded_without_a_flag(action: str) -> None:
    assert "writes a record" in log_lines(action, (), ALL)[0]


def test_an_allowed_call_is_not_talked_about() -> None:
    assert log_lines("allow", (FLAG_LOG,), ALL) == ()


def test_the_kernel_has_a_word_of_its_own_for_the_listener() -> None:
    (line,) = log_lines("notify", (FLAG_LOG,), ALL - {"user_notif"})
    assert "not user_notif; `sysctl -w kernel.seccomp.actions_logged='errno kill_process" in line
    assert "log trace trap user_notif'` changes that" in line
    assert "lists user_notif on this machine" in log_lines("notify", (FLAG_LOG,), ALL)[0]
    assert "if kernel.seccomp.actions_logged lists user_notif" in log_lines("notify", (FLAG_LOG,), None)[0]


def test_a_record_that_is_at_hand_is_not_denied() -> None:
    (line,) = log_lines("errno", (), ALL, recorded=True)
    assert "The evidence has the kernel's record" in line
    assert FLAG_LOG in line
    (line,) = log_lines("log", (), ALL - {"log"}, recorded=True)
    assert "The evidence has the kernel's record" in line
    assert "not log" in line
