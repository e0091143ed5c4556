"""Turns Debian packages into one root file system archive, without unpacking them to disk or needing root."""

import io
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from runner.engine.image import recipe
from runner.engine.programs import find
from runner.errors import EngineError


def assemble(packages: Iterable[Path], target: Path) -> None:
    """Write the archive of the packages' files and the recipe's own to `target`.

    Raises:
        EngineError: a package cannot be read.
    """
    with tarfile.open(target, "w", format=tarfile.GNU_FORMAT) as archive:
        builder = _Builder(archive)
        builder.add_skeleton()
        for package in packages:
            builder.add_package(package)
        builder.add_files()


class _Builder:
    """Writes each path once: the recipe's own files have precedence, then the first package."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._written: set[str] = {*recipe.FILES, *recipe.LINKS}

    def add_skeleton(self) -> None:
        for name, (mode, owner) in recipe.FOLDERS.items():
            entry = _entry(name, tarfile.DIRTYPE, mode)
            entry.uid = entry.gid = owner
            self._add(entry)
        for name in recipe.MERGED[:-1]:
            self._add(_entry(f"usr/{name}", tarfile.DIRTYPE, 0o755))
            self._add(_entry(name, tarfile.SYMTYPE, 0o777, link=f"usr/{name}"))

    def add_package(self, package: Path) -> None:
        command = [find("dpkg-deb") or "dpkg-deb", "--fsys-tarfile", str(package)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                with tarfile.open(fileobj=process.stdout, mode="r|") as files:
                    for member in files:
                        self._take(files, member)
                # What fills the archive's last block up; without it, the program would end with an error of its own.
                process.stdout.read()
                trouble = ""
            except tarfile.TarError as error:
                process.kill()
                trouble = str(error)
            said = process.stderr.read().decode(errors="replace").strip()
            # An archive that is cut between two files looks whole.
            if process.wait() or trouble:
                raise EngineError(
                    f"{package.name} is not a usable package: "
                    f"{said or trouble or f'dpkg-deb ended with status {process.returncode}'}",
                    remedy="try again; if it stays, run `workshop doctor`",
                )

    def add_files(self) -> None:
        self._written -= {*recipe.FILES, *recipe.LINKS}
        for name, text in recipe.FILES.items():
            content = text.encode()
            entry = _entry(name, tarfile.REGTYPE, 0o640 if name == "etc/shadow" else 0o644)
            entry.size = len(content)
            self._add(entry, io.BytesIO(content))
        for name, link in recipe.LINKS.items():
            self._add(_entry(name, tarfile.SYMTYPE, 0o777, link=link))

    def _take(self, files: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        where = recipe.placed(member.name)
        if where is None or where in self._written:
            return
        member.name = where
        member.uname = member.gname = ""
        if member.islnk():
            member.linkname = recipe.placed(member.linkname) or member.linkname
        self._add(member, files.extractfile(member) if member.isreg() else None)

    def _add(self, entry: tarfile.TarInfo, content: IO[bytes] | None = None) -> None:
        if entry.name not in self._written:
            self._written.add(entry.name)
            self._archive.addfile(entry, content)


def _entry(name: str, kind: bytes, mode: int, *, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.linkname = kind, mode, link
    return entry
