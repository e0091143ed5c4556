"""Versions that options give, in the words that people copy from elsewhere."""

import pytest

from runner.cli.profile.given.versions import read_version
from runner.errors import UsageError

DOCKER_VERSION = """\
Client: Docker Engine - Community
 Version:           27.3.1
 API version:       1.45

Server: Docker Engine - Community
 Engine:
  Version:          26.1.5
 containerd:
  Version:          1.7.22
 runc:
  Version:          1.1.14
"""
DOCKER_INFO = """\
Client:
 Version:    27.3.1
Server:
 Containers: 3
 Server Version: 25.0.3
 runc version: v1.1.12-0-g51d5e94
 Kernel Version: 6.1.0-27-amd64
"""
RUNC = "runc version 1.1.12\ncommit: v1.1.12-0-g51d5e946\nspec: 1.0.2-dev\ngo: go1.21\nlibseccomp: 2.5.4\n"


@pytest.mark.parametrize(
    ("option", "text", "version"),
    [
        ("--engine-version", "v27.3.1", "27.3.1"),
        ("--engine-version", "Docker Engine - Community 27.3.1", "27.3.1"),
        ("--engine-version", "Engine 27", "27"),
        ("--engine-version", "Version: 27.3.1", "27.3.1"),
        ("--engine-version", "docker-ce=5:27.3.1-1~ubuntu.22.04~jammy", "27.3.1"),
        ("--engine-version", DOCKER_VERSION, "26.1.5"),
        ("--engine-version", DOCKER_INFO, "25.0.3"),
        ("--engine-version", '"27.3.1"', "27.3.1"),
        ("--engine-version", "docker-ce-27.3.1-1.el9.x86_64", "27.3.1"),
        ("--engine-version", "docker-ce_5:27.3.1-1~debian.12~bookworm_amd64.deb", "27.3.1"),
        ("--kernel", "linux-image-6.8.0-45-generic", "6.8.0"),
        ("--kernel", "kernel-core-5.14.0-427.el9.x86_64", "5.14.0"),
        ("--libseccomp", "libseccomp2_2.5.5-1ubuntu3_amd64.deb", "2.5.5"),
        ("--libseccomp", "libseccomp-2.5.2-2.el9.x86_64", "2.5.2"),
        ("--runtime", "runc=1.1.5", "1.1.5"),
        ("--runtime", RUNC, "1.1.12"),
        ("--runtime", DOCKER_VERSION, "1.1.14"),
        ("--runtime", DOCKER_INFO, "1.1.12"),
        ("--libseccomp", "libseccomp 2.5.4", "2.5.4"),
        ("--libseccomp", "libseccomp2 2.5.4-1+b3", "2.5.4"),
        ("--libseccomp", RUNC, "2.5.4"),
        ("--kernel", "Linux 6.1.0", "6.1.0"),
        ("--kernel", "Linux host2 6.1.0-27-amd64 #1 SMP Debian", "6.1.0"),
        ("--kernel", DOCKER_INFO, "6.1.0"),
    ],
)
def test_a_version_is_taken_as_programs_print_it(option: str, text: str, version: str) -> None:
    assert str(read_version(text, option)) == version


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--engine-version", "podman version 5.2"),
        ("--engine-version", "latest"),
        ("--runtime", "crun 1.14"),
        ("--runtime", "51d5e94"),
        ("--kernel", "Darwin 23.1.0"),
        ("--engine-version", "docker-compose-plugin_2.24.5-1"),
        ("--engine-version", "docker-buildx-plugin_0.12.1-1"),
        ("--engine-version", "docker-ce-cli_5:27.3.1-1"),
        ("--kernel", "linux-firmware-2024.1"),
        ("--libseccomp", "libseccomp-golang-0.9.1"),
    ],
)
def test_another_product_is_not_taken_for_the_one_that_is_asked_for(option: str, text: str) -> None:
    with pytest.raises(UsageError, match="is not a version"):
        read_version(text, option)


def test_what_is_another_products_is_said_with_the_one_that_is_meant() -> None:
    with pytest.raises(UsageError, match=r"'crun version 1\.14\.1' is not a version of runc"):
        read_version("crun version 1.14.1\ncommit: x\nspec: 1.0.0", "--runtime")


@pytest.mark.parametrize(
    "rest",
    [
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
        "\nServer:\nCannot connect to the Docker daemon at unix:///var/run/docker.sock.\n",
    ],
)
def test_the_client_has_not_the_engines_version(rest: str) -> None:
    text = f"Client: Docker Engine - Community\n Version:           28.5.2\n API version:       1.51\n{rest}"
    with pytest.raises(UsageError, match="docker's client") as caught:
        read_version(text, "--engine-version")
    assert len(str(caught.value).splitlines()) == 1
