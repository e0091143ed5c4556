"""`workshop bundle` and what a machine without a network makes of it."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from runner.bundle.pack import write_bundle
from runner.bundle.wheels import PROGRAM, needed
from runner.cli.main import main
from runner.engine.image.recipe import Recipe
from runner.folders import NAME
from runner.installed import installed

IMAGE = f"lab-{Recipe.of_this_machine().hash}.tar"
WITHOUT = ("--without", "wheels", "--without", "packages")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    cache = tmp_path / "cache" / NAME
    cache.mkdir(parents=True)
    # As if it had been built here.
    (cache / IMAGE).write_bytes(b"a root file system" * 1000)


@pytest.fixture
def bundle(tmp_path: Path, capsys) -> Path:
    """A bundle with a workshop and the image."""
    assert main(["new", str(tmp_path / "mine")]) == 0
    target = tmp_path / "room.bundle"
    assert main(["bundle", *WITHOUT, str(tmp_path / "mine"), "-o", str(target)]) == 0
    said = capsys.readouterr().err
    assert "sha256" in said
    assert "sh room/setup.sh" in said
    return target


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Act as on another machine from now on; returns its cache."""
    for name in ("DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "elsewhere" / name.lower()))
    return tmp_path / "elsewhere" / "cache" / NAME


def test_the_same_content_gives_the_same_bundle(bundle, tmp_path):
    again = tmp_path / "again"
    assert main(["bundle", *WITHOUT, str(tmp_path / "mine"), "-o", str(again)]) == 0
    assert again.read_bytes() == bundle.read_bytes()


def test_a_bundle_is_installed(bundle, tmp_path, monkeypatch, capsys):
    cache = elsewhere(tmp_path, monkeypatch)
    assert main(["install", str(bundle)]) == 2, "it asks first"
    assert not cache.exists()
    assert main(["install", str(bundle), "--yes"]) == 0
    assert (cache / IMAGE).read_bytes() == b"a root file system" * 1000
    assert [folder.name for folder in installed()] == ["mine"]
    assert main(["lint", "mine"]) == 0
    assert main(["install", str(bundle), "--yes"]) == 0
    assert "the image is there already" in capsys.readouterr().err


def test_an_image_for_another_release_is_not_taken(bundle, tmp_path, monkeypatch, capsys):
    cache = elsewhere(tmp_path, monkeypatch)
    monkeypatch.setattr(Recipe, "of_this_machine", lambda: Recipe("debian-other", "x86_64"))
    assert main(["install", str(bundle), "--yes"]) == 0
    assert "not the one that this program uses on debian-other" in capsys.readouterr().err
    assert not cache.exists()


class Room:
    """A bundle that was unpacked on a machine that has the programs already."""

    def __init__(self, bundle: Path, folder: Path) -> None:
        self.path, self.tools, self._folder = folder / "room", folder / "tools", folder
        self.cache = folder / "new" / NAME
        self.path.mkdir()
        with tarfile.open(bundle) as tar:
            tar.extractall(self.path, filter="data")
        self.tools.mkdir()
        for name in ("dockerd", "docker", "rootlesskit", "newuidmap"):
            self.tool(name)
        (folder / "program").mkdir()

    def tool(self, name: str, script: str = "") -> None:
        (self.tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.tools / name).chmod(0o755)

    def set_up(self) -> "subprocess.CompletedProcess[str]":
        # The program is not on that machine yet.
        search = [name for name in os.environ["PATH"].split(":") if not Path(name, "workshop").exists()]
        environment = {
            "PATH": ":".join([str(self.tools), *search]),
            "HOME": str(self._folder),
            "XDG_CACHE_HOME": str(self._folder / "new"),
        }
        command = ["sh", str(self.path / "setup.sh"), str(self._folder / "program")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def room(bundle: Path, tmp_path: Path) -> Room:
    return Room(bundle, tmp_path)


def test_it_sets_a_machine_up_by_itself(room, tmp_path):
    """It checks the bundle and unpacks the image."""
    room.tool("workshop")
    (tmp_path / "program" / "bin").symlink_to(room.tools)
    done = room.set_up()
    assert done.returncode == 0, done.stderr
    assert (room.cache / IMAGE).read_bytes() == b"a root file system" * 1000
    assert f"Next: {tmp_path}/program/bin/workshop doctor" in done.stderr
    (room.path / "image" / f"{IMAGE}.gz").write_bytes(b"x")
    done = room.set_up()
    assert done.returncode == 1
    assert "The bundle is damaged" in done.stderr


def test_a_full_disk_is_no_machine_that_is_set_up(room):
    room.tool("gzip", "echo half; echo 'gzip: stdout: No space left on device' >&2; exit 1")
    done = room.set_up()
    assert done.returncode == 1
    assert f"cannot be unpacked into {room.cache}" in done.stderr
    assert "Done" not in done.stderr
    assert list(room.cache.iterdir()) == []


def test_a_bundle_without_the_program_names_none_that_is_not_there(room):
    done = room.set_up()
    assert done.returncode == 0, done.stderr
    assert "program/bin/workshop" not in done.stderr
    assert "does not have the program" in done.stderr
    room.tool("workshop", 'echo "$1" >&2')
    done = room.set_up()
    assert "install\n" in done.stderr
    assert f"Next: {room.tools}/workshop doctor" in done.stderr


@pytest.mark.parametrize("target", ["/nowhere/x", "."])
def test_an_unwritable_target(target):
    assert main(["bundle", *WITHOUT, "--without", "image", "-o", target]) == 2


def test_a_workshop_with_errors_is_not_taken_along(tmp_path, capsys):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "workshop.toml").write_text("id = 3")
    target = tmp_path / "x.bundle"
    assert main(["bundle", *WITHOUT, str(tmp_path / "bad"), "-o", str(target)]) == 2
    assert not target.exists()


def test_the_wheels_are_the_program_and_its_requirements():
    names = [one.metadata["Name"].lower() for one in needed()]
    assert names[0] == PROGRAM
    assert {"textual", "docker", "rich"} <= set(names)
    assert not {"pytest", "mypy", "ruff"} & set(names)


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\xff" * 100, b"no gzip"])
def test_a_damaged_image(tmp_path, capsys, content):
    """Damaged before it was packed: the content matches the manifest."""
    path, target = tmp_path / "image", tmp_path / "x.bundle"
    path.write_bytes(content)
    labels = {"program": "1.0", "suite": "x", "arch": "x86_64", "python": "3.11"}
    write_bundle(target, {f"image/{IMAGE}.gz": path}, **labels)
    (tmp_path / "cache" / NAME / IMAGE).unlink()
    assert main(["install", str(target), "--yes"]) == 2
    assert "the image is damaged" in capsys.readouterr().err
    assert list((tmp_path / "cache" / NAME).iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "a" * 300], "the name is too long"),
        (["-o", "none/room.bundle"], "there is no folder none"),
        (["a" * 300], "a" * 300),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_before_any_work(words, said, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["bundle", *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Making" not in err
