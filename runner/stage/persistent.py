"""A workspace that is kept between runs."""

import fcntl
import os
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

from runner.errors import WorkshopError
from runner.files import remove_tree
from runner.lab.model.workspace import shipped_file
from runner.language import tr
from runner.paths import why
from runner.stage.drafts import Drafts
from runner.stage.scratch import new_scratch
from runner.stage.workspace import Workspace

WORKSPACE = "workspace"
BEFORE_RESET = "before-reset"
_DRAFTS = "drafts"
_LOCK = "lock"


def forget(folder: Path) -> bool:
    """Delete the files kept in `folder`; False, with nothing done, if a session has it open.

    Raises:
        WorkshopError: the folder cannot be deleted.
    """
    try:
        with (folder / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if error := remove_tree(folder):
                raise error
    except BlockingIOError:
        return False
    except FileNotFoundError:
        pass
    except OSError as error:
        raise WorkshopError(
            tr("cannot delete {folder}: {why}", folder=folder, why=tr(why(error))),
            remedy=tr("delete it yourself, then try again"),
        ) from error
    return True


class PersistentWorkspace(Workspace):
    """A learner's folder below the state directory; its scratch folder goes with the session, the workspace stays.

    `shared` is true if another session has it open too.
    """

    def __init__(self, folder: Path, files: Iterable[Path]) -> None:
        """Open the workspace kept in `folder`, adding the missing JSON files of each of the folders `files`.

        Raises:
            WorkshopError: the folder cannot be written.
        """
        self._folder = folder
        self._files = tuple(files)
        self._lock: int | None = None
        root = folder / WORKSPACE
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.shared = not self._take_lock()
        except OSError as error:
            raise WorkshopError(
                tr("cannot use {folder}: {why}", folder=root, why=tr(why(error))),
                remedy=tr("free some space, or set XDG_STATE_HOME to a folder of yours with room"),
            ) from error
        with ExitStack() as cleanup:
            # Else the next try in this process would find the folder in use.
            cleanup.callback(self._unlock)
            super().__init__(root.resolve())
            self._scratch_folder = new_scratch()
            cleanup.callback(remove_tree, self._scratch_folder)
            self.fill(self._files)
            cleanup.pop_all()
        self.drafts = Drafts(folder / _DRAFTS)
        """The unsaved texts of the editor."""

    def ensure(self) -> bool:
        """Create the workspace again if it was removed; True if it was.

        Raises:
            WorkshopError: it cannot be created.
        """
        try:
            if self.root.is_dir():
                return False
            self.root.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise WorkshopError(
                tr(
                    "the workspace {folder} was removed, and cannot be created again: {why}",
                    folder=self.root,
                    why=tr(why(error)),
                ),
                remedy=tr("see that the folder can be made, then try again"),
            ) from error
        self.fill(self._files)
        return True

    def bring_back(self, names: Iterable[str]) -> None:
        """Restore those of the files `names` that come with the workshop, whatever the learner has made of them.

        Raises:
            WorkshopError: a file cannot be written.
            OSError: a file of the workshop cannot be read.
        """
        for name in names:
            source = shipped_file(self._files, name)
            if source is not None:
                self.write(name, source.read_text(encoding="utf-8"))

    @property
    def beside(self) -> Path:
        return self._scratch_folder

    def remove(self) -> None:
        """Release the workspace, which stays, and delete its scratch folder."""
        remove_tree(self._scratch_folder)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            # Closing alone would leave it locked while a child that is being started still has it open.
            fcntl.flock(self._lock, fcntl.LOCK_UN)
            os.close(self._lock)
            self._lock = None

    def restore(self) -> Path:
        """Start over; returns the new place of the learner's earlier files, if there were any.

        Raises:
            WorkshopError: it cannot be filled; the learner's files are where they were.
        """
        kept = self._free_place()
        try:
            with suppress(FileNotFoundError):
                self.root.rename(kept)
            try:
                self.root.mkdir(mode=0o700, parents=True)
                self.fill(self._files)
            except BaseException:
                remove_tree(self.root)
                with suppress(FileNotFoundError):
                    kept.rename(self.root)
                raise
        except OSError as error:
            raise WorkshopError(
                tr("cannot restore {folder}: {why}", folder=self.root, why=tr(why(error))),
                remedy=tr("see that the folder can be made, then try again"),
            ) from error
        remove_tree(self._folder / _DRAFTS)
        return kept

    def _free_place(self) -> Path:
        """The place for earlier files, those of an earlier reset deleted; another if that is not possible.

        A container that ran as root may have left files there.
        """
        for earlier in self._folder.glob(f"{BEFORE_RESET}*"):
            remove_tree(earlier)
        names = (BEFORE_RESET, *(f"{BEFORE_RESET}-{number}" for number in range(2, 1000)))
        return next(self._folder / name for name in names if not os.path.lexists(self._folder / name))

    def _take_lock(self) -> bool:
        descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True
