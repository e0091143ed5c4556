"""Calls that were observed, as profiles that allow them."""

from runner.profile.importers import import_profile
from runner.profile.importers.observed import import_text
from tests.unit.profile.importers.results import allowed
from tests.unit.profile.importers.samples import AUDIT, STRACE, STRACE_COUNT


def test_the_table_of_strace() -> None:
    assert allowed(import_profile(STRACE_COUNT).profile) == {"openat", "faccessat2", "fchmodat2"}


def test_a_log_of_strace_with_processes_times_and_resumed_calls() -> None:
    names = {"execve", "openat", "read", "futex", "nanosleep", "exit_group"}
    assert allowed(import_profile(STRACE).profile) == names


def test_audit_records_by_their_own_architecture() -> None:
    imported = import_profile(AUDIT)
    assert allowed(imported.profile) == {"chmod", "fchmodat"}
    assert any("limits its log" in note for note in imported.notes)


def test_what_a_log_and_its_table_both_have_is_counted_once() -> None:
    log = 'openat(3, "a", 0) = 4\nopenat(3, "b", 0) = 5\nexit_group(0) = ?\n'
    assert import_profile(STRACE_COUNT).read_as.endswith(" 6 calls of 3 names")
    assert import_profile(log + STRACE_COUNT).read_as.endswith(" 7 calls of 4 names")


def test_a_call_that_only_failed_as_a_denied_one_does_is_pointed_out() -> None:
    log = (
        'openat(3, "a", 0) = -1 EPERM (Operation not permitted)\nopenat(3, "b", 0) = 4\n'
        "unshare(CLONE_NEWUSER) = -1 EPERM (Operation not permitted)\n"
        'access("/x", R_OK) = -1 ENOENT (No such file or directory)\n'
        "unshare(CLONE_NEWUSER) = -1 EPERM (Operation not permitted)\nexit_group(0) = ?\n"
    )
    imported = import_profile(log)
    assert "unshare" in allowed(imported.profile)
    assert [note for note in imported.notes if "failed" in note] == [
        "line 3: unshare failed with EPERM, maybe by another profile; it is allowed now "
        "(`edit --remove unshare` leaves it out)"
    ]
    assert not any("failed" in note for note in import_profile(AUDIT).notes)


def test_of_many_failed_calls_the_first_get_their_lines() -> None:
    names = [
        "mount",
        "umount2",
        "unshare",
        "setns",
        "chroot",
        "pivot_root",
        "reboot",
        "swapon",
        "swapoff",
        "kexec_load",
    ]
    log = "".join(f"{name}() = -1 EPERM (Operation not permitted)\n" for name in names)
    notes = [note for note in import_profile(f"{log}exit_group(0) = ?\n").notes if "failed" in note]
    assert len(notes) == 9
    assert notes[-1] == "these failed like that, too, and are allowed now: swapoff kexec_load"


def test_a_call_without_a_name_is_not_said_to_be_allowed() -> None:
    imported = import_text(
        "syscall_0x270f(0x1) = -1 ENOSYS (Function not implemented)\nread(3) = 1\n", "evidence"
    )
    assert imported.notes == ("line 1: amd64 has no system call 9999",)


def test_a_failure_that_strace_injected_is_no_other_profiles() -> None:
    text = "mount(0) = -1 EPERM (Operation not permitted) (INJECTED)\nread(3) = 1\n"
    assert import_text(text, "evidence").notes == ()
