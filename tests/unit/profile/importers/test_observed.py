"""Calls that were observed, as profiles that allow them."""

from runner.profile.importers import import_profile
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
