import io
import json
import subprocess
import tarfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from docker.errors import DockerException, ImageNotFound

from runner.engine.api import ImageMissing
from runner.engine.image import packages, recipe
from runner.engine.image.provide import provide
from runner.engine.image.recipe import Recipe, placed
from runner.engine.image.rootfs import assemble
from runner.engine.programs import find
from runner.errors import EngineError

if TYPE_CHECKING:
    from runner.engine.docker.client import Client


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("./bin/ls", "usr/bin/ls"),
        ("./usr/bin/ls", "usr/bin/ls"),
        ("./lib/x86_64-linux-gnu/libc.so.6", "usr/lib/x86_64-linux-gnu/libc.so.6"),
        ("./usr/share/doc/bash/README", None),
        ("./usr/share/documents", "usr/share/documents"),
        ("./usr/lib/x86_64-linux-gnu/gconv/X.so", None),
        ("./", None),
    ],
)
def test_files_go_below_usr_or_are_left_out(name: str, where: str | None) -> None:
    assert placed(name) == where


def test_the_hash_depends_on_release_and_architecture() -> None:
    hashes = {
        Recipe(suite, arch).hash
        for suite in ("debian-bookworm", "debian-trixie")
        for arch in ("x86_64", "aarch64")
    }
    assert len(hashes) == 4


def package(folder: Path, files: dict[str, str]) -> Path:
    """A Debian package with these files."""
    tree = folder / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(
        "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n"
    )
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    (tree / "bin/linked").hardlink_to(tree / "bin/tool")
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", tree, folder / "x.deb"], check=True, capture_output=True
    )
    return folder / "x.deb"


@pytest.mark.skipif(find("dpkg-deb") is None, reason="needs dpkg-deb")
def test_packages_become_one_archive_with_accounts_and_merged_folders(tmp_path: Path) -> None:
    made = package(tmp_path, {"bin/tool": "tool", "usr/share/doc/x/README": "no", "etc/passwd": "theirs"})
    assemble([made], tmp_path / "root.tar")
    with tarfile.open(tmp_path / "root.tar") as archive:
        members = {member.name: member for member in archive}
        assert len(members) == len(archive.getnames()), "a path was written twice"
        assert archive.extractfile("usr/bin/tool").read() == b"tool"
        assert archive.extractfile("usr/bin/linked").read() == b"tool"
        assert archive.extractfile("etc/passwd").read().decode() == recipe.FILES["etc/passwd"]
    assert members["bin"].linkname == "usr/bin"
    assert members["usr/bin/sh"].linkname == "dash"
    assert members["tmp"].mode == 0o1777
    assert members["home/learner"].uid == 1000
    assert not [name for name in members if name.startswith("usr/share/doc")]


@pytest.mark.skipif(find("dpkg-deb") is None, reason="needs dpkg-deb")
def test_a_broken_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.deb").write_bytes(b"not a package")
    with pytest.raises(EngineError, match="broken"):
        assemble([tmp_path / "broken.deb"], tmp_path / "root.tar")


@pytest.mark.skipif(find("dpkg-deb") is None, reason="needs dpkg-deb")
def test_a_package_that_can_be_read_in_part_makes_no_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such an image would be kept for good."""
    made = package(tmp_path, {"bin/tool": "tool"})
    broken = tmp_path / "dpkg-deb"
    # Whole records up to the first file's end, as from a program that was killed for lack of memory.
    broken.write_text(f"#!/bin/sh\n'{find('dpkg-deb')}' \"$@\" | head -c 2048\nexit 2\n")
    broken.chmod(0o755)
    monkeypatch.setattr("runner.engine.image.rootfs.find", lambda _name: str(broken))
    with pytest.raises(EngineError, match=r"x\.deb is not a usable package: dpkg-deb ended with status 2"):
        assemble([made], tmp_path / "root.tar")


def test_a_machine_that_does_not_say_what_it_is_has_a_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> dict[str, str]:
        raise OSError(2, "Unable to read files /etc/os-release, /usr/lib/os-release")

    monkeypatch.setattr("platform.freedesktop_os_release", missing)
    assert Recipe.of_this_machine().suite == "unknown-unknown"


def test_a_machine_without_apt_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "find", lambda _name: None)
    with pytest.raises(EngineError, match="no apt") as raised:
        packages.download(["bash"], tmp_path, lambda _line: None)
    assert raised.value.remedy


def test_apts_last_words_are_reported_when_the_packages_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    apt = tmp_path / "bin/apt-get"
    apt.write_text("#!/bin/sh\necho 'E: Temporary failure resolving deb.debian.org' >&2\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setattr(packages, "find", lambda name: name)
    with pytest.raises(EngineError, match="Temporary failure") as raised:
        packages.download(["bash"], tmp_path / "work", lambda _line: None, lists=tmp_path)
    assert "network" in raised.value.remedy


def test_an_empty_archive_is_still_a_root_file_system(tmp_path: Path) -> None:
    assemble([], tmp_path / "root.tar")
    with tarfile.open(fileobj=io.BytesIO((tmp_path / "root.tar").read_bytes())) as archive:
        assert {"bin", "etc/passwd", "proc", "tmp", "usr/bin/sh"} <= set(archive.getnames())


class Registry:
    """An engine without images, whose pulls end with `answer`; it remembers what was asked for."""

    endpoint = "unix:///x.sock"

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def within(self, _seconds: float) -> AbstractContextManager[None]:
        return nullcontext()

    def inspect_image(self, name: str) -> object:
        raise ImageNotFound(name)

    def pull(self, image: str) -> str:
        self.asked.append(image)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


PULLED = json.dumps({"status": "Status: Downloaded newer image"}) + "\r\n"


@pytest.mark.parametrize("image", ["alpine", "alpine:3.20", "host:5000/a/b", "alpine@sha256:" + "a" * 64])
def test_an_image_is_pulled_by_the_name_it_was_given(image: str) -> None:
    registry = Registry(PULLED)
    provide(cast("Client", registry), [image], lambda _line: None)
    assert registry.asked == [image]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (PULLED + json.dumps({"error": "no space left on device"}) + "\r\n", "no space left on device"),
        (
            DockerException("Credentials store error: docker-credential-x not installed"),
            "docker-credential-x",
        ),
    ],
    ids=["a failure within the answer", "no program for the passwords"],
)
def test_a_failed_pull_says_why(answer: str | Exception, reason: str) -> None:
    with pytest.raises(ImageMissing, match=f"no image alpine, and it cannot be pulled: .*{reason}"):
        provide(cast("Client", Registry(answer)), ["alpine"], lambda _line: None)
