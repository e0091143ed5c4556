"""Findings on machines that lack something."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

from runner.engine.doctor import machine
from runner.engine.doctor.findings import Level


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The kernel's files on this machine; files that are not named do not exist."""
    files: dict[str, str] = {}
    monkeypatch.setattr(machine, "text_if_any", lambda path: files.get(str(path), ""))
    return files


def be(uid: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)


def test_user_namespaces_that_are_there(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    be(1000, monkeypatch)
    assert machine.user_namespaces(needed=True).level is Level.OK


@pytest.mark.parametrize(
    ("file", "value", "setting"),
    [
        ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
        ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        (
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ],
)
def test_user_namespaces_that_are_closed_are_opened_by_an_administrator(
    settings: dict[str, str], file: str, value: str, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(1000, monkeypatch)
    monkeypatch.setattr(machine, "find", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine, "_rootlesskit_works", lambda: False)
    settings[file] = value
    found = machine.user_namespaces(needed=True)
    assert found.level is Level.MISSING
    assert f"sudo sysctl -w {setting}" in found.remedy
    assert not found.commands
    assert machine.user_namespaces(needed=False).level is Level.WARNING


@pytest.mark.parametrize(
    ("program", "level"),
    [
        pytest.param("#!/bin/sh\nexit 0\n", Level.OK, id="exempt, as by Ubuntu's profile of AppArmor"),
        pytest.param("#!/bin/sh\nexit 1\n", Level.MISSING, id="refused"),
        pytest.param("#!/no/such/shell\n", Level.MISSING, id="cannot start at all"),
    ],
)
def test_a_restriction_counts_where_rootlesskit_fails(
    settings: dict[str, str], tmp_path: Path, program: str, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(1000, monkeypatch)
    rootlesskit = tmp_path / "rootlesskit"
    rootlesskit.write_text(program)
    rootlesskit.chmod(0o755)
    monkeypatch.setattr(machine, "find", lambda _: str(rootlesskit))
    settings["/proc/sys/kernel/apparmor_restrict_unprivileged_userns"] = "1"
    assert machine.user_namespaces(needed=True).level is level


def test_a_restriction_is_not_reported_if_there_is_no_room_to_try(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    be(1000, monkeypatch)
    monkeypatch.setattr(machine, "find", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    settings["/proc/sys/kernel/apparmor_restrict_unprivileged_userns"] = "1"
    assert machine.user_namespaces(needed=True).level is Level.OK


def test_missing_programs_are_named_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    be(1000, monkeypatch)
    monkeypatch.setattr(
        machine, "find", lambda name: None if name in {"runc", "newuidmap"} else f"/bin/{name}"
    )
    monkeypatch.setattr(machine, "packages_for", lambda names: tuple(f"{name}-package" for name in names))
    found = machine.programs(needed=True)
    assert (found.level, found.programs) == (Level.MISSING, ("runc", "newuidmap"))
    assert found.packages == ("runc-package", "newuidmap-package")
    assert machine.programs(needed=False).level is Level.WARNING


def test_a_docker_command_beside_the_path_is_not_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "find", lambda _name: "/usr/local/sbin/docker")
    found = machine.docker_command(str(tmp_path))
    assert found.level is Level.MISSING
    assert "PATH:/usr/local/sbin" in found.remedy
    assert not found.programs


def test_a_missing_docker_command_is_to_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "find", lambda _name: None)
    monkeypatch.setattr(machine, "packages_for", lambda names: names)
    assert machine.docker_command(str(tmp_path)).programs == ("docker",)


def test_missing_subordinate_ids_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.launch_rootless, "has_range", lambda *_: False)
    found = machine.subordinate_ids(needed=True)
    assert found.level is Level.MISSING
    assert found.commands[0][:2] == ("usermod", "--add-subuids")


def test_a_user_without_a_name_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs as any number: programs for subordinate ids go by the name."""

    def nobody(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(machine.launch_rootless.pwd, "getpwuid", nobody)
    found = machine.subordinate_ids(needed=True)
    assert found.level is Level.MISSING
    assert found.commands == ()
    assert "no name on this system" in found.detail
