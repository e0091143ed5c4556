"""systemd's settings."""

import pytest

from runner.profile.errors import ProfileError
from runner.profile.importers import import_profile
from runner.profile.model import Action
from tests.unit.profile.importers.results import allowed, verdict


def test_systemds_settings() -> None:
    profile = import_profile(
        "[Service]\nSystemCallErrorNumber=EACCES\nSystemCallFilter=read write chmod\n"
        "SystemCallFilter=~chmod\nSystemCallFilter=~clone3:ENOSYS\nSystemCallFilter=~ptrace:kill\n"
    ).profile
    assert [verdict(profile, name) for name in ("read", "chmod", "clone3", "ptrace", "execve")] == [
        *("allow", "EACCES", "ENOSYS", "kill_process", "allow"),
    ]


def test_an_errno_has_several_names() -> None:
    profile = import_profile(
        "SystemCallErrorNumber=EWOULDBLOCK\nSystemCallFilter=~chmod:ENOTSUP mount\n"
    ).profile
    assert (verdict(profile, "chmod"), verdict(profile, "mount")) == ("ENOTSUP", "EAGAIN")


def test_a_systemd_setting_over_several_lines_and_one_that_resets_it() -> None:
    profile = import_profile(
        "SystemCallFilter=read\nSystemCallFilter=\nSystemCallErrorNumber=EPERM\nSystemCallFilter=write \\\n  close\n"
    ).profile
    assert [verdict(profile, name) for name in ("read", "write", "close")] == ["EPERM", "allow", "allow"]


def test_unknown_words_are_reported_and_the_rest_is_read() -> None:
    imported = import_profile("[Service]\nSystemCallFilter=~mount 9999\nSystemCallFilter=~chmod:EACCES\n")
    assert (verdict(imported.profile, "mount"), verdict(imported.profile, "chmod")) == (
        "kill_process",
        "EACCES",
    )
    assert [(unused.line, unused.text) for unused in imported.unused] == [(2, "9999")]


def test_a_filter_that_is_emptied_filters_nothing() -> None:
    with pytest.raises(ProfileError, match="cancels all before it") as refused:
        import_profile("[Service]\nSystemCallFilter=read\nSystemCallFilter=\n", "systemd")
    assert refused.value.at is not None
    assert refused.value.at.line == 3


@pytest.mark.parametrize("unset", ["0", "2147483646"])
def test_what_systemctl_shows_for_no_errno_kills(unset: str) -> None:
    profile = import_profile(f"SystemCallFilter=read write\nSystemCallErrorNumber={unset}\n").profile
    assert profile.default_action is Action.KILL_PROCESS


def test_a_comment_within_a_setting_is_left_out() -> None:
    imported = import_profile("SystemCallFilter=read \\\n  # write\n  ; close\n  openat\n")
    assert {"read", "openat"} <= allowed(imported.profile)
    assert not {"write", "close"} & allowed(imported.profile)
    assert not imported.unused


def test_a_set_before_an_empty_line_is_cancelled_like_all_else() -> None:
    text = "SystemCallFilter=@system-service\nSystemCallFilter=\nSystemCallFilter=read write\n"
    assert {"read", "write"} <= allowed(import_profile(text).profile)


def test_a_name_that_no_kernel_has_is_noted() -> None:
    notes = import_profile("SystemCallFilter=read frobnicate\n").notes
    assert "line 1: unknown system call 'frobnicate'; the runtime will leave it out" in notes
