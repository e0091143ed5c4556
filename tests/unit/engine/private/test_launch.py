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
    """Every program that there is, all in one folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in (*launch_rootless.PROGRAMS, "unshare", "docker-init"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("runner.engine.programs._SYSTEM", "/nowhere")
    monkeypatch.setattr(launch_rootless, "require_subordinate_ids", lambda: None)
    return folder


def test_the_variables_are_ours_alone(tmp_path: Path) -> None:
    theirs = {
        "PATH": f"{tmp_path}:relative:",
        "HOME": "/home/me",
        "DOCKER_HOST": "tcp://elsewhere",
        "DOCKER_CONFIG": "/home/me/.docker",
        "CONTAINERD_ADDRESS": "/run/containerd/containerd.sock",
        "CONTAINERD_NAMESPACE": "k8s.io",
        "HTTPS_PROXY": "http://proxy",
        "NOTIFY_SOCKET": "/run/systemd/notify",
        "LISTEN_FDS": "1",
        "XDG_CONFIG_HOME": "/home/me/.config",
        "XDG_RUNTIME_DIR": "/run/user/1000",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector",
        "LD_PRELOAD": "x.so",
    }
    ours = launch.environment(PLACES, theirs)
    assert ours.pop("PATH") == f"{tmp_path}:/nowhere"
    assert ours.pop("LC_ALL") == "C.UTF-8"
    assert all(value.startswith("/run/ours") for value in ours.values())
    assert set(ours) == {
        "HOME",
        "TMPDIR",
        *(f"XDG_{n}" for n in ("RUNTIME_DIR", "CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME")),
    }


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


def test_a_program_in_a_folder_that_is_a_link_is_found_where_it_really_is(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(programs)
    monkeypatch.setenv("PATH", str(tmp_path / "link"))
    assert find("runc") == str(programs / "runc")
    assert str(programs) in launch.environment(PLACES)["PATH"].split(":")


def test_root_gets_namespaces_a_remapped_user_and_a_cgroup(programs: Path) -> None:
    words = launch_root.command(PLACES, cgroup_parent="/ours")
    assert words[0] == str(programs / "unshare")
    assert {"--mount", "--net", "--pid", "--remap", "--userns-remap=default", "--cgroup-parent=/ours"} <= set(
        words
    )
    assert words.index("--remap") < words.index("--") < words.index(str(programs / "dockerd"))
    assert "--keep=/var/data" in words
    assert "--keep=/run/ours" in words


def test_with_a_cgroup_of_their_own_an_ordinary_user_gets_limits() -> None:
    words = launch_rootless.command(PLACES, cgroup_parent="/user.slice/ours.scope")
    assert "--cgroup-parent=/user.slice/ours.scope" in words
    assert "--rootless" not in words
    assert not [word for word in words if word.startswith("--env")]


def test_without_one_the_daemon_is_told_and_asks_an_api_of_ours() -> None:
    words = launch_rootless.command(PLACES, cgroup_parent="")
    assert words[-1] == "--rootless"
    assert "--env=ROOTLESSKIT_STATE_DIR=/run/ours/rootless" in words
    assert not [word for word in words if word.startswith("--cgroup-parent")]


@pytest.mark.parametrize("way", [launch_root, launch_rootless])
@pytest.mark.parametrize("parent", ["", "/ours"])
def test_neither_way_touches_bridges_firewalls_or_helpers_that_may_be_missing(
    way: object, parent: str
) -> None:
    words = way.command(PLACES, cgroup_parent=parent)  # type: ignore[attr-defined]
    assert {"--bridge=none", "--iptables=false", "--ip6tables=false", "--userland-proxy=false"} <= set(words)
    assert "--config-file=/run/ours/daemon.json" in words


@pytest.mark.parametrize("missing", [*launch_rootless.PROGRAMS, "unshare"])
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


def test_new_subordinate_ids_overlap_nobodys(tmp_path: Path) -> None:
    (tmp_path / "subuid").write_text("one:100000:65536\ntwo:231072:65536\nbroken\n")
    (tmp_path / "subgid").write_text("one:300000:65536\n")
    assert range_command("me", etc=tmp_path) == [
        *("usermod", "--add-subuids", "365536-431071", "--add-subgids", "365536-431071", "me")
    ]
    assert "100000-165535" in range_command("me", etc=tmp_path / "none")
