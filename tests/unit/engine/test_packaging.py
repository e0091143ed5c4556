"""The packages that are named, on machines whose apt and dpkg are simulated."""

from pathlib import Path

import pytest

from runner.engine.packaging import how_to_install, packages_for, require
from runner.errors import EngineError

BOOKWORM = "Package: docker.io\nDepends: containerd (>= 1.4~), runc, tini\nRecommends: apparmor, git"
TRIXIE = "Package: docker.io\nDepends: containerd (>= 1.4~), runc\nRecommends: apparmor, docker-cli, git"
NOBLE = "Package: docker.io\nDepends: containerd (>= 1.2.6-0ubuntu1~), runc\nRecommends: pigz, ubuntu-fan"
NOTHING = ""
DEBIAN_12 = {"ID": "debian", "VERSION_ID": "12"}


class System:
    """A folder that is all of PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program("apt-get", "")

    def program(self, name: str, script: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def docker_io_is(self, record: str) -> None:
        self.program("apt-cache", f"cat <<'END'\n{record}\nEND" if record else "exit 100")

    def has(self, *packages: str) -> None:
        names = "|".join(packages) or "none"
        script = f"for last; do :; done; case $last in {names}) printf installed ;; *) exit 1 ;; esac"
        self.program("dpkg-query", script)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("runner.engine.programs._SYSTEM", "/nowhere")
    found = System(tmp_path)
    found.program("cat", 'exec /bin/cat "$@"')
    found.has()
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: DEBIAN_12)
    return found


@pytest.mark.parametrize(
    ("record", "package"),
    [(BOOKWORM, "docker.io"), (TRIXIE, "docker-cli"), (NOBLE, "docker.io"), (NOTHING, "docker.io")],
)
def test_the_docker_command_is_where_this_release_has_it(system: System, record: str, package: str) -> None:
    system.docker_io_is(record)
    assert packages_for(["docker"]) == (package,)


@pytest.mark.parametrize(
    ("release", "package"),
    [
        (DEBIAN_12, "docker.io"),
        ({"ID": "debian", "VERSION_ID": "13"}, "docker-cli"),
        ({"ID": "debian"}, "docker-cli"),
        ({"ID": "ubuntu", "VERSION_ID": "24.04"}, "docker.io"),
        ({}, "docker.io"),
    ],
)
def test_without_package_lists_the_release_tells(
    system: System, release: dict[str, str], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.docker_io_is(NOTHING)
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: release)
    assert packages_for(["docker"]) == (package,)


def test_an_installed_engine_without_the_command_has_it_in_a_separate_package(system: System) -> None:
    system.docker_io_is(NOTHING)
    system.has("docker.io")
    system.program("dockerd", "")
    assert packages_for(["docker"]) == ("docker-cli",)


def test_everything_that_an_ordinary_user_lacks_on_a_fresh_machine(system: System) -> None:
    system.docker_io_is(TRIXIE)
    wanted = ["dockerd", "containerd", "runc", "rootlesskit", "newuidmap", "newgidmap", "docker"]
    assert packages_for(wanted) == ("docker-cli", "docker.io", "rootlesskit", "uidmap")


def test_missing_programs_beside_the_daemon_are_installed_by_themselves(system: System) -> None:
    assert packages_for(["runc", "containerd"]) == ("containerd", "runc")


@pytest.mark.parametrize("package", ["docker-ce", "docker-ce-cli", "containerd.io"])
def test_beside_dockers_own_packages_the_rest_comes_from_there_too(system: System, package: str) -> None:
    system.docker_io_is(TRIXIE)
    system.has(package)
    wanted = ["dockerd", "docker", "runc", "rootlesskit", "newuidmap"]
    assert packages_for(wanted) == (*("docker-ce", "docker-ce-cli", "docker-ce-rootless-extras", "uidmap"),)


def test_without_apt_no_package_is_named(system: System) -> None:
    (system.folder / "apt-get").unlink()
    assert packages_for(["dockerd"]) == ()
    assert "your system's tools" in how_to_install(packages_for(["dockerd"]))


def test_a_program_that_is_missing_is_an_error_with_its_package(system: System) -> None:
    with pytest.raises(EngineError, match="needs newuidmap") as raised:
        require("newuidmap")
    assert "install uidmap" in raised.value.remedy
    assert "doctor --fix" in raised.value.remedy


def test_an_installed_program_is_returned_with_its_path(system: System) -> None:
    system.program("runc", "")
    assert require("runc") == str(system.folder / "runc")
