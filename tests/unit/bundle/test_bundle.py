"""`runner.bundle`: the same for the same, and nothing else than a bundle says."""

import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from runner.bundle.manifest import NAME, manifest
from runner.bundle.pack import compressed, write_bundle
from runner.bundle.staging import RefusedError
from runner.bundle.unpacking import is_bundle, unpack_bundle
from runner.errors import UsageError

LABELS = {"program": "1.0", "suite": "debian-x", "arch": "x86_64", "python": "3.11"}


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for name in ("wheels/b.whl", "setup.sh", "wheels/a.whl"):
        path = tmp_path / name.replace("/", "-")
        path.write_text(name)
        found[name] = path
    return found


def test_the_same_content_gives_the_same_file(tmp_path, parts):
    """Whatever the order, the times and the permissions of the files."""
    write_bundle(tmp_path / "one", parts, **LABELS)
    for path in parts.values():
        path.chmod(0o600)
        path.touch()
    write_bundle(tmp_path / "two", dict(reversed(parts.items())), **LABELS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    big = tmp_path / "big"
    big.write_bytes(b"abc" * 100_000)
    once = compressed(big, tmp_path / "1.gz").read_bytes()
    big.touch()
    assert compressed(big, tmp_path / "2.gz").read_bytes() == once


def test_a_bundle_lists_its_content(tmp_path, parts):
    said = write_bundle(tmp_path / "one", parts, **LABELS)
    (tmp_path / "into").mkdir()
    assert is_bundle(str(tmp_path / "one"))
    assert unpack_bundle(tmp_path / "one", tmp_path / "into") == said
    assert (tmp_path / "into/wheels/a.whl").read_text() == "wheels/a.whl"
    assert said.below("wheels")[0].sha256 == hashlib.sha256(b"wheels/a.whl").hexdigest()
    assert said.bytes == sum(len(name) for name in parts)


def rewritten(path: Path, change) -> Path:
    """A bundle with its members changed."""
    with tarfile.open(path) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for member, content in change(members):
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def _tampered(members):
    return [
        (member, content.replace(b"wheels/a", b"wheels/X") if member.name.endswith("a.whl") else content)
        for member, content in members
    ]


def _added(members):
    return [*members, (tarfile.TarInfo("wheels/evil.whl"), b"x")]


def _escaping(members):
    return [*members, (tarfile.TarInfo("../evil"), b"x")]


def _without_one(members):
    return members[:-1]


@pytest.mark.parametrize(
    ("change", "error", "why"),
    [
        (_tampered, UsageError, "damaged: wheels/a.whl has changed since it was packed"),
        (_added, UsageError, "its content does not match its manifest"),
        (_escaping, RefusedError, r"^\.\./evil would lead out of the folder"),
        (_without_one, UsageError, "its content does not match its manifest"),
    ],
)
def test_a_bundle_that_differs_from_its_manifest(tmp_path, parts, change, error, why):
    write_bundle(tmp_path / "one", parts, **LABELS)
    (tmp_path / "into").mkdir()
    with pytest.raises(error, match=why):
        unpack_bundle(rewritten(tmp_path / "one", change), tmp_path / "into")
    assert not (tmp_path / "evil").exists()


def test_a_bundle_that_says_to_be_huge(tmp_path, parts):
    said = write_bundle(tmp_path / "one", parts, **LABELS)
    huge = replace(said, parts=(replace(said.parts[0], bytes=1 << 50), *said.parts[1:]))
    (tmp_path / "into").mkdir()
    rewritten(tmp_path / "one", lambda members: [(members[0][0], huge.text()), *members[1:]])
    with pytest.raises(RefusedError, match="says to have more than a bundle can have"):
        unpack_bundle(tmp_path / "one", tmp_path / "into")


def test_a_bundle_with_a_damaged_beginning(tmp_path, parts):
    """It begins like a bundle, but its header's checksum is wrong."""
    write_bundle(tmp_path / "one", parts, **LABELS)
    content = bytearray((tmp_path / "one").read_bytes())
    content[148] ^= 1
    (tmp_path / "one").write_bytes(content)
    (tmp_path / "into").mkdir()
    assert is_bundle(str(tmp_path / "one"))
    with pytest.raises(UsageError, match="no archive that can be read"):
        unpack_bundle(tmp_path / "one", tmp_path / "into")


def test_other_files_are_not_bundles(tmp_path):
    for number, content in enumerate((b"", b"x" * 600, NAME.encode())):
        path = tmp_path / str(number)
        path.write_bytes(content)
        assert not is_bundle(str(path))
    assert not is_bundle("a\0b")
    assert not is_bundle(str(tmp_path))
    for text, why in (
        (b"[", "Expecting value"),
        (b"{}", "Manifest has no version"),
        (b"[" * 100_000, "nested too deeply$"),
        (b'{"version": 2}', "Manifest has no program"),
    ):
        with pytest.raises(UsageError, match=f"^x: no bundle: bundle.json cannot be understood: {why}"):
            manifest(text, "x")


def test_a_newer_bundle_is_not_guessed_at(tmp_path, parts):
    said = write_bundle(tmp_path / "one", parts, **LABELS)
    with pytest.raises(UsageError, match="version 9"):
        manifest(replace(said, version=9).text(), "x")


def test_a_bundle_of_very_many_files(tmp_path, parts):
    """Its list of them is longer than the pieces in which archives are read."""
    parts |= {f"workshops/{number:05}/{'x' * 150}": parts["setup.sh"] for number in range(5000)}
    said = write_bundle(tmp_path / "one", parts, **LABELS)
    assert len(said.text()) > 1 << 20
    (tmp_path / "into").mkdir()
    assert unpack_bundle(tmp_path / "one", tmp_path / "into") == said
