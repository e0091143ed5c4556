"""The private engine's command line and variables."""

import os
from pathlib import Path

import pytest

from runner.engine.private import launch, launch_root, launch_rootless
from runner.engine.private.launch_rootless import range_command
from runner.engine.private.places import Places
from runner.engine.programs import find, search_path

PLACES = Places(Path("/var/data"), Path("/run/ours"))


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every program that is needed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in (*launch_rootless.PROGRAMS, "docker-init"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("runner.engine.programs._SYSTEM", "/nowhere")
    monkeypatch.setattr(launch_rootless, "require_subordinate_ids", lambda: None)
    return folder


def test_the_daemon_gets_only_our_variables(programs: Path) -> None:
    ours = launch_root.variables(launch_root.program_paths())
    assert ours.pop("PATH").split(":")[0] == str(programs)
    assert ours == dict.fromkeys(("TMPDIR", "XDG_RUNTIME_DIR", "HOME"), "/tmp")


def test_a_path_without_system_folders_gets_them() -> None:
    folders = search_path({"PATH": "/usr/bin:/bin"}).split(":")
    assert folders[-1] == "/nowhere"


def test_programs_of_the_system_are_found_from_a_path_without_their_folder(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find("dockerd") is None
    monkeypatch.setattr("runner.engine.programs._SYSTEM", str(programs))
    assert find("dockerd") == str(programs / "dockerd")


def test_a_program_in_a_linked_folder_is_found_at_its_real_path(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(programs)
    monkeypatch.setenv("PATH", str(tmp_path / "link"))
    assert find("runc") == str(programs / "runc")
    assert str(programs) in search_path().split(":")


def test_with_a_cgroup_of_their_own_an_ordinary_user_gets_limits() -> None:
    words = launch_rootless.command(PLACES, cgroup_parent="/user.slice/ours.scope")
    assert "--cgroup-parent=/user.slice/ours.scope" in words
    assert "--rootless" not in words
    assert not [word for word in words if "ROOTLESSKIT" in word]


def test_without_a_cgroup_the_daemon_is_rootless_and_uses_our_api() -> None:
    words = launch_rootless.command(PLACES, cgroup_parent="")
    assert words[-1] == "--rootless"
    assert "--env=ROOTLESSKIT_STATE_DIR=/run/ours/exec/api" in words
    assert not [word for word in words if word.startswith("--cgroup-parent")]


@pytest.mark.parametrize("way", [launch_root, launch_rootless])
@pytest.mark.parametrize("parent", ["", "/ours"])
def test_neither_way_touches_bridges_firewalls_or_helpers_that_may_be_missing(
    way: object, parent: str
) -> None:
    words = way.command(PLACES, cgroup_parent=parent)  # type: ignore[attr-defined]
    assert {"--bridge=none", "--iptables=false", "--ip6tables=false", "--userland-proxy=false"} <= set(words)
    assert "--host=fd://" in words


@pytest.mark.parametrize("missing", launch_rootless.PROGRAMS)
def test_whatever_is_missing_is_the_obstacle(
    missing: str, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert launch.obstacle(PLACES) is None
    (programs / missing).unlink()
    why = launch.obstacle(PLACES)
    assert why is not None
    assert missing in str(why)
    assert why.remedy


def test_new_subordinate_ids_overlap_no_others(tmp_path: Path) -> None:
    (tmp_path / "subuid").write_text("one:100000:65536\ntwo:231072:65536\nbroken\n")
    (tmp_path / "subgid").write_text("one:300000:65536\n")
    assert range_command("me", etc=tmp_path) == [
        *("usermod", "--add-subuids", "365536-431071", "--add-subgids", "365536-431071", "me")
    ]
    assert "100000-165535" in range_command("me", etc=tmp_path / "none")


@pytest.mark.parametrize("way", [launch_root, launch_rootless])
def test_a_default_profile_is_shown_to_the_daemon_where_it_can_see_it(way: object, tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    places.exec_root.mkdir(parents=True)
    places.data.mkdir()
    without = way.command(places, cgroup_parent="/ours")  # type: ignore[attr-defined]
    assert not [word for word in without if "seccomp" in word]
    places.profile.write_text("{}")
    places.show_profile()
    words = way.command(places, cgroup_parent="/ours")  # type: ignore[attr-defined]
    assert f"--seccomp-profile={places.shown_profile}" in words
    assert places.shown_profile.read_text() == "{}"
