"""Untrusted archives, and the content that is accepted."""

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from runner.bundle.archive import unpack
from runner.bundle.source import fetch, is_url
from runner.bundle.staging import Bounds, RefusedError, Staging, safe_parts
from runner.errors import UsageError

SMALL = Bounds(files=5, bytes=10_000, file_bytes=5_000)


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    (tmp_path / "into").mkdir()
    return Staging(tmp_path / "into", SMALL)


def tar(path: Path, *members: tuple[tarfile.TarInfo, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, **more: object) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type = kind
    for key, value in more.items():
        setattr(found, key, value)
    return found


def everything_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_is_taken_in(tmp_path, staging, mode):
    archive = tar(
        tmp_path / "x",
        (member("w", tarfile.DIRTYPE), b""),
        (member("w/workshop.toml"), b"id"),
        (member("w/run.sh", mode=0o755), b"#!"),
        mode=mode,
    )
    unpack(archive, staging)
    assert (tmp_path / "into/w/workshop.toml").read_bytes() == b"id"
    assert os.access(tmp_path / "into/w/run.sh", os.X_OK)
    assert (tmp_path / "into/w/workshop.toml").stat().st_mode & 0o7777 == 0o644


def test_a_zip_archive_is_taken_in(tmp_path, staging):
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("w/workshop.toml", "id")
    unpack(tmp_path / "x.zip", staging)
    assert everything_below(tmp_path / "into") == ["w/workshop.toml"]


ESCAPES = [
    "../out",
    "/etc/out",
    "a/../../out",
    "..",
    "a\\..\\out",
    "a\nb",
    "a\x1b[2J",
    "x" * 300,
    "a/" * 30 + "b",
]


@pytest.mark.parametrize("name", ESCAPES)
def test_no_name_leads_out(tmp_path, staging, name):
    with pytest.raises(RefusedError):
        unpack(tar(tmp_path / "x.tar", (member(name), b"x")), staging)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = name
        archive.writestr(entry, "x")
    with pytest.raises(RefusedError):
        unpack(tmp_path / "x.zip", staging)
    assert everything_below(tmp_path / "into") == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "odd",
    [
        member("link", tarfile.SYMTYPE, linkname="/etc"),
        member("link", tarfile.LNKTYPE, linkname="first"),
        member("pipe", tarfile.FIFOTYPE),
        member("disk", tarfile.BLKTYPE),
        member("tty", tarfile.CHRTYPE),
    ],
)
def test_nothing_but_regular_files(tmp_path, staging, odd):
    """Not even a link through which a later file would be written."""
    archive = tar(
        tmp_path / "x.tar", (member("first"), b"x"), (odd, b""), (member(f"{odd.name}/passwd"), b"x")
    )
    with pytest.raises(RefusedError, match="not a regular file"):
        unpack(archive, staging)
    assert everything_below(tmp_path / "into") == ["first"]


def test_links_in_a_zip_archive(tmp_path, staging):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc")
    with pytest.raises(RefusedError, match="not a regular file"):
        unpack(tmp_path / "x.zip", staging)


@pytest.mark.parametrize(
    "members",
    [
        [("a", b"x" * 6_000)],
        [("a", b"x" * 4_000), ("b", b"x" * 4_000), ("c", b"x" * 4_000)],
        [(str(number), b"") for number in range(6)],
        [("a", b"1"), ("a", b"2")],
        [("README", b"1"), ("readme", b"2")],
        [("a", b"1"), ("a/b", b"2")],
    ],
    ids=["large", "many bytes", "many files", "twice", "capitals", "file and folder"],
)
def test_bounds(tmp_path, staging, members):
    with pytest.raises(RefusedError):
        unpack(tar(tmp_path / "x.tar", *((member(name), content) for name, content in members)), staging)


@pytest.mark.parametrize("suffix", ["gz", "zip"])
def test_a_bomb_ends_at_the_bounds(tmp_path, staging, suffix):
    """A few kilobytes that become a hundred megabytes."""
    bomb = bytes(100_000_000)
    if suffix == "gz":
        archive = tar(tmp_path / "bomb.tgz", (member("zeros"), bomb), mode="w:gz")
    else:
        archive = tmp_path / "bomb.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("zeros", bomb)
    assert archive.stat().st_size < 200_000
    with pytest.raises(RefusedError, match="zeros has more than"):
        unpack(archive, staging)
    assert sum(path.stat().st_size for path in (tmp_path / "into").rglob("*")) <= 2 << 20


def test_a_header_that_claims_much_is_not_read_into_memory(tmp_path, staging):
    header = member("pax", tarfile.XHDTYPE)
    header.size = 8 << 30
    with gzip.open(tmp_path / "x.tgz", "wb") as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT))
        file.write(bytes(1 << 20))
    with pytest.raises((RefusedError, UsageError)):
        unpack(tmp_path / "x.tgz", staging)


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"\x1f\x8b" + b"\0" * 50, b"PK\x03\x04" + b"\0" * 50]
)
def test_other_files_are_not_archives(tmp_path, staging, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(UsageError):
        unpack(tmp_path / "x", staging)


def test_a_cut_archive_is_damaged(tmp_path, staging):
    whole = tar(tmp_path / "x.tgz", (member("a"), os.urandom(4000)), mode="w:gz").read_bytes()
    (tmp_path / "x.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UsageError):
        unpack(tmp_path / "x.tgz", staging)


def test_an_archive_that_ends_with_another_one(tmp_path, staging):
    """As a bundle ends with a wheel, which is a zip archive."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as zipped:
        zipped.writestr("inner", "x")
    unpack(tar(tmp_path / "x.tar", (member("first"), b"x"), (member("last.whl"), inner.getvalue())), staging)
    assert everything_below(tmp_path / "into") == ["first", "last.whl"]


def test_safe_names():
    assert safe_parts("w/01-a b.md") == ("w", "01-a b.md")
    assert safe_parts("./ü") == ("ü",)


@pytest.mark.parametrize("odd", ["link", "folder link", "pipe"])
def test_a_folder_of_links_and_pipes(tmp_path, odd):
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "workshop.toml").touch()
    if odd == "pipe":
        os.mkfifo(folder / "odd")
    else:
        (folder / "odd").symlink_to("/etc/passwd" if odd == "link" else "/etc")
    (tmp_path / "into").mkdir()
    (tmp_path / "scratch").mkdir()
    with pytest.raises(RefusedError, match="odd is not a regular file"):
        fetch(str(folder), tmp_path / "into", tmp_path / "scratch")


def test_texts_that_are_urls(tmp_path):
    for text in ("https://host/x.git", "ssh://host/x", "git@host:x/y", "file:///x"):
        assert is_url(text)
    for text in ("x", "/x", "ext::sh -c id", "--upload-pack=id", "-ohttps://x", "https://a b", ""):
        assert not is_url(text)


@pytest.mark.parametrize("suffix", ["tar", "zip"])
def test_folders_count_too(tmp_path, staging, suffix):
    archive = tmp_path / f"x.{suffix}"
    names = ["file", *(f"{number}/" for number in range(5))]
    if suffix == "zip":
        with zipfile.ZipFile(archive, "w") as zipped:
            for name in names:
                zipped.writestr(name, "")
    else:
        kinds = (tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE for name in names)
        tar(archive, *((member(name, kind), b"") for name, kind in zip(names, kinds, strict=True)))
    with pytest.raises(RefusedError, match="more than 5 files and folders"):
        unpack(archive, staging)


def pax_headers(count: int) -> bytes:
    """Headers, each of which describes the next."""
    record = b"13 comment=x\n"
    header = member("pax", tarfile.XHDTYPE)
    header.size = len(record)
    return (header.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")) * count


def test_a_chain_of_headers(tmp_path, staging):
    (tmp_path / "x.tar").write_bytes(pax_headers(2000) + bytes(1024))
    with pytest.raises(UsageError, match="no archive that can be read"):
        unpack(tmp_path / "x.tar", staging)


def test_a_header_that_makes_no_sense(tmp_path, staging):
    """Python's reader lets a ValueError through."""
    sparse = member("a", pax_headers={"GNU.sparse.map": "x", "GNU.sparse.size": "1", "GNU.sparse.major": "0"})
    archive = tmp_path / "x.tar"
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as made:
        made.addfile(sparse)
    with pytest.raises(UsageError, match="no archive that can be read"):
        unpack(archive, staging)


def test_a_list_of_endless_files(tmp_path, staging):
    """A zip archive's list is read before its files are counted."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as zipped:
        for number in range(6000):
            zipped.writestr(f"{number:0180}", "")
    with pytest.raises(RefusedError, match="more than a megabyte"):
        unpack(tmp_path / "x.zip", staging)


def test_a_folder_that_cannot_be_read_is_not_left_out(tmp_path, monkeypatch):
    scandir = os.scandir

    def closed(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    for folder in ("from/closed", "into", "scratch"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "from/workshop.toml").write_text("")
    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(PermissionError, match="closed"):
        fetch(str(tmp_path / "from"), tmp_path / "into", tmp_path / "scratch")
