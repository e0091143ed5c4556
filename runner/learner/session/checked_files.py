"""The files of the workspace that checks look at."""

from collections.abc import Iterable
from pathlib import Path

from runner.lab.model.check import Check
from runner.learner.session.tries import file_of


class CheckedFiles:
    """Remembers how the files were, to tell which of them have been written since."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._signatures: dict[str, tuple[int, ...]] = {}

    def written(self, checks: Iterable[Check]) -> set[str]:
        """The files of these checks that have changed since the last call, if they were looked at then."""
        names = {name for check in checks if (name := file_of(check))}
        before, self._signatures = (
            self._signatures,
            {name: _signature(self._workspace / name) for name in names},
        )
        return {name for name in names if name in before and before[name] != self._signatures[name]}


def _signature(path: Path) -> tuple[int, ...]:
    """What changes when a file is written; () if there is no file."""
    try:
        now = path.stat()
    except (OSError, ValueError):
        return ()
    return now.st_ino, now.st_size, now.st_mtime_ns
