"""Reading untrusted archives."""

import bz2
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from runner.bundle.staging import BUNDLE, RefusedError, Staging, megabytes, pieces
from runner.errors import UsageError

_LONGEST_HEADER = 1 << 20
"""The largest part, in bytes, of an archive's own structures that is read at once; files are read in such pieces."""
_LONG_HEADER = "one of its headers has more than a megabyte"
_MAGIC = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    # Errors that the modules pass on for nonsensical headers and for endless chains of them.
    ValueError,
    OverflowError,
    LookupError,
    struct.error,
    RecursionError,
)


def unpack(archive: Path, staging: Staging) -> None:
    """Unpack a tar archive, compressed or not, or a zip archive.

    Raises:
        RefusedError: it has unacceptable content: links, devices, names that lead out, too much.
        UsageError: it is not an archive, or is damaged.
    """
    with _damage_told(archive):
        # Judged by its beginning: an archive may end with a zip archive that it contains.
        if _start(archive).startswith(_ZIP):
            _unpack_zip(archive, staging)
        else:
            _unpack_tar(archive, staging)
    if not staging.names:
        raise RefusedError(f"{archive}: there is nothing in it")


def first_file(archive: Path, most: int) -> bytes:
    """Return the content of the first file of a tar archive.

    Raises:
        RefusedError: it has more than `most` bytes.
        UsageError: it is not such an archive, or is damaged.
    """
    with _damage_told(archive), _tar(archive) as tar:
        first = tar.next()
        if first is None or not first.isreg() or first.issparse():
            raise UsageError(f"{archive}: it does not begin with a file")
        if first.size > most:
            raise RefusedError(f"{archive}: its first file has more than {megabytes(most)}")
        content = tar.extractfile(first)
        assert content is not None
        return b"".join(pieces(content.read))


@contextmanager
def _damage_told(archive: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise UsageError(
            f"{archive}: no archive that can be read: {error or type(error).__name__}",
            remedy="name a tar or zip archive; if it was downloaded, do that again",
        ) from error
    except OSError as error:
        if error.filename is not None or error.errno is not None:
            raise
        # The messages of gzip and bz2 on damaged data.
        raise UsageError(f"{archive}: damaged: {error}", remedy="get it again") from error


def _start(archive: Path) -> bytes:
    with archive.open("rb") as file:
        return file.read(8)


def _unpack_tar(archive: Path, staging: Staging) -> None:
    with _tar(archive) as tar:
        while (member := tar.next()) is not None:
            # Otherwise each of them would stay in memory until the end.
            tar.members = []  # type: ignore[attr-defined]
            tar.pax_headers = {}
            if member.isdir():
                staging.count()
                continue
            if not member.isreg() or member.issparse():
                raise RefusedError(f"{ascii(member.name)[1:61]} is not a regular file but {_kind(member)}")
            content = tar.extractfile(member)
            assert content is not None
            staging.add(member.name, pieces(content.read), executable=bool(member.mode & 0o100))


@contextmanager
def _tar(archive: Path) -> Iterator[tarfile.TarFile]:
    with _opened(archive) as source, tarfile.open(fileobj=cast("IO[bytes]", source), mode="r:") as tar:
        yield tar


def _kind(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "a link"
    return "a device or a pipe" if member.isdev() else "something else"


@contextmanager
def _opened(archive: Path) -> Iterator["_Bounded"]:
    opener = next((one for magic, one in _MAGIC.items() if _start(archive).startswith(magic)), None)
    with archive.open("rb") as file:
        if opener is None:
            yield _Bounded(file)
            return
        with cast("Any", opener)(file) as source:
            yield _Bounded(source)


class _Bounded:
    """A file that is read up to a limit, in small pieces: sizes claimed in headers never take memory."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def read(self, count: int = -1) -> bytes:
        if count > _LONGEST_HEADER:
            raise RefusedError(_LONG_HEADER)
        self._check()
        found = self._source.read(count if count >= 0 else _LONGEST_HEADER + 1)
        if len(found) > _LONGEST_HEADER:
            raise RefusedError(_LONG_HEADER)
        return found

    def seek(self, place: int, whence: int = 0) -> int:
        # By reading: a position in compressed data is at most as far as the limit.
        found = self._source.tell()
        if whence == 0 and place > found + _LONGEST_HEADER:
            while found < place and (chunk := self.read(min(_LONGEST_HEADER, place - found))):
                found += len(chunk)
            return found
        return self._source.seek(place, whence)

    def tell(self) -> int:
        return self._source.tell()

    def _check(self) -> None:
        if self._source.tell() > BUNDLE.bytes + (1 << 30):
            raise RefusedError("there is more in it than a bundle can have")


class _Directory(_Bounded):
    """A bounded file that is read at any position, like a zip archive's directory."""

    def seek(self, place: int, whence: int = 0) -> int:
        return self._source.seek(place, whence)

    def seekable(self) -> bool:
        return True


def _unpack_zip(archive: Path, staging: Staging) -> None:
    with archive.open("rb") as file, zipfile.ZipFile(cast("IO[bytes]", _Directory(file))) as zipped:
        for member in zipped.infolist():
            mode = member.external_attr >> 16
            if member.is_dir():
                staging.count()
                continue
            if mode and (mode & 0o170000) not in {0, 0o100000}:
                raise RefusedError(f"{ascii(member.filename)[1:61]} is not a regular file")
            if member.flag_bits & 1:
                raise RefusedError(f"{ascii(member.filename)[1:61]} is encrypted")
            with zipped.open(member) as content:
                staging.add(member.filename, pieces(content.read), executable=bool(mode & 0o100))
