"""An engine's description, from its answers."""

from types import SimpleNamespace

import pytest

from runner.engine.docker.describe import describe, engine_info, isolation

BRIDGE = {"Name": "bridge", "Driver": "bridge"}
NONE = {"Name": "none", "Driver": "null"}
VERSION = {
    "Version": "20.10.24",
    "Arch": "amd64",
    "KernelVersion": "6.18.44-fc",
    "Components": [{"Name": "Engine", "Version": "20.10.24"}, {"Name": "runc", "Version": "1.1.5+ds1"}],
}


def test_an_engine_is_described_by_its_answers() -> None:
    options = ["name=seccomp,profile=default", "name=userns"]
    info = engine_info(
        VERSION, {"SecurityOptions": options, "PidsLimit": True, "MemoryLimit": True}, "unix:///x"
    )
    assert (info.name, info.version, info.kernel, info.arch) == ("Docker", "20.10.24", "6.18", "amd64")
    assert (info.runtime, info.runtime_version) == ("runc", "1.1.5")
    assert (info.isolation, info.seccomp, info.bounded) == ("user-namespace", True, True)


def test_podman_is_recognised() -> None:
    version = VERSION | {"Components": [{"Name": "Podman Engine", "Version": "4.3.1"}]}
    assert engine_info(version, {}, "").name == "Podman"


@pytest.mark.parametrize(
    ("options", "apart", "kind"),
    [
        (["name=seccomp,profile=default", "name=rootless"], False, "rootless"),
        (["name=userns"], False, "user-namespace"),
        (["name=userns"], True, "user-namespace"),
        (["name=seccomp,profile=default"], True, "vm"),
        (["name=seccomp,profile=default", "name=cgroupns"], False, "none"),
    ],
)
def test_isolation_is_read_from_the_security_options(options: list[str], apart: bool, kind: str) -> None:
    assert isolation(options, apart=apart) == kind


def test_a_program_for_virtual_machines_with_this_kernel_runs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.uname", lambda: SimpleNamespace(release=VERSION["KernelVersion"]))
    info = {"Name": "docker-desktop", "SecurityOptions": ["name=seccomp,profile=default"]}
    assert engine_info(VERSION, info, "unix:///x").isolation == "none"
    assert engine_info(VERSION | {"KernelVersion": "6.19"}, info, "unix:///x").isolation == "vm"


@pytest.mark.parametrize(
    ("networks", "info", "expected"),
    [
        ([NONE], {}, False),
        ([NONE], {"IPv4Forwarding": True}, False),
        ([NONE, BRIDGE], {"IPv4Forwarding": True}, True),
        ([NONE], {"IPv4Forwarding": False}, True),
    ],
)
def test_a_default_network_counts_where_it_leads_anywhere_or_is_warned_of(networks, info, expected):
    client = SimpleNamespace(
        endpoint="unix:///x", tls=None, version=dict, info=lambda: info, networks=lambda: networks
    )
    assert describe(client).info.default_network is expected


@pytest.mark.parametrize(
    ("info", "endpoint", "expected"),
    [
        (
            {"Name": "docker-desktop", "OperatingSystem": "Docker Desktop"},
            "unix:///var/run/docker.sock",
            "vm",
        ),
        ({"Name": "colima"}, "unix:///tmp/forwarded.sock", "vm"),
        ({"Name": "lima-docker"}, "unix:///x.sock", "vm"),
        ({"Name": "x"}, "unix:///home/me/.config/colima/default/docker.sock", "vm"),
        ({"Name": "x"}, "unix:///home/me/.local/share/containers/podman/machine/podman.sock", "vm"),
        ({"Name": "server", "OperatingSystem": "Debian GNU/Linux 13"}, "unix:///tmp/docker.sock", "none"),
        ({"Name": "server"}, "unix:///var/run/docker.sock", "none"),
        ({}, "tcp://example:2375", "none"),
    ],
)
def test_another_kernel_is_a_machine_of_ours_only_where_something_says_so(info, endpoint, expected):
    """It may be that of a server, whose socket `ssh -L` forwards: its root is not to be had without asking."""
    assert engine_info({"KernelVersion": "0.1.2-other"}, info, endpoint).isolation == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (None, (False, "")),
        (["name=apparmor"], (False, "")),
        (["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"], (True, "")),
        (["name=seccomp,profile=default"], (True, "")),
        (["name=seccomp"], (True, "")),
        (["name=seccomp,profile=unconfined"], (True, "unconfined")),
        (["name=seccomp,profile=/etc/docker/a,b.json"], (True, "/etc/docker/a,b.json")),
    ],
)
def test_the_configured_default_profile_is_read(options, expected):
    found = engine_info({}, {"SecurityOptions": options}, "unix:///x")
    assert (found.seccomp, found.default_profile) == expected
