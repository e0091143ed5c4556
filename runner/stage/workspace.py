"""The learner's folder: a private copy of the workshop's files."""

import errno
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from runner.errors import UsageError, WorkshopError
from runner.files import remove_tree, replace_text
from runner.language import tr
from runner.paths import is_file, why
from runner.stage.scratch import new_scratch


class Workspace:
    """A folder that a session owns; nothing is written outside it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @staticmethod
    def temporary(files: Iterable[Path]) -> "Workspace":
        """A new workspace for this process, with the JSON files of each of the folders `files` under its own name."""
        workspace = _empty()
        try:
            workspace.fill(files)
        except BaseException:
            workspace.remove()
            raise
        return workspace

    def fill(self, files: Iterable[Path]) -> None:
        """Copy the missing JSON files of each of the folders `files`; the learner's own versions stay."""
        try:
            for folder in files:
                for source in sorted(path for path in folder.rglob("*.json") if is_file(path)):
                    target = self.root / folder.name / source.relative_to(folder)
                    if not target.exists():
                        target.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(source, target)
        except OSError as error:
            raise _cannot_write(self.root, error) from error

    def copy(self) -> "Workspace":
        """A new temporary workspace with the same content."""
        twin = _empty()
        try:
            shutil.copytree(
                self.root, twin.root, dirs_exist_ok=True, symlinks=True, ignore_dangling_symlinks=True
            )
        except shutil.Error as error:
            twin.remove()
            raise _cannot_copy(*error.args[0][0]) from error
        except OSError as error:
            twin.remove()
            raise _cannot_write(twin.root, error) from error
        return twin

    def path(self, name: str) -> Path:
        """The path of the file `name`.

        Raises:
            UsageError: the path would be outside the workspace.
        """
        path = self.root / name
        try:
            # Not Path.resolve, which raises at circular links.
            inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.root))
        except ValueError:  # no name that a file can have
            inside = False
        if not inside:
            raise UsageError(
                tr("{name!r} is outside the workspace", name=name),
                remedy=tr("name a file below the workspace's folder"),
            )
        return path

    def write(self, name: str, content: str) -> None:
        """Replace the file `name` atomically: after a failure the old content is still there."""
        path = self.path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(path, content)
        except (OSError, ValueError) as error:
            raise _cannot_write(path, error) from error

    @property
    def beside(self) -> Path:
        """A folder outside the workspace that is deleted with it, for files that the learner need not see."""
        return self.root.parent

    def remove(self) -> None:
        """Delete the workspace with everything in it and its scratch folder."""
        remove_tree(self.beside)


def _empty() -> Workspace:
    """A temporary workspace without files."""
    root = new_scratch() / "workspace"
    try:
        root.mkdir()
    except OSError as error:
        remove_tree(root.parent)
        raise _cannot_write(root, error) from error
    return Workspace(root)


def _cannot_write(path: Path, error: OSError | ValueError) -> WorkshopError:
    full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    remedy = tr("free some space there, then try again") if full else ""
    return WorkshopError(tr("cannot write {path}: {why}", path=path, why=tr(why(error))), remedy=remedy)


def _cannot_copy(source: str, target: str, reason: str) -> WorkshopError:
    """The error for the first of the files that `shutil` could not copy, which it reports as texts.

    It is not translated: verification alone copies a workspace, and talks English.
    """
    number = re.match(r"\[Errno (\d+)\]", reason)
    error = OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(reason)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _cannot_write(Path(target), error)
    return WorkshopError(
        f"cannot copy {source}, which a check is to be tried on: {why(error)}",
        remedy="have the lab leave its files and folders readable, or open them again before the step ends",
    )
