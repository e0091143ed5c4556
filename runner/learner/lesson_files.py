"""The current state of a lesson's files in the workspace."""

from runner.errors import WorkshopError
from runner.lab.model.workshop import Step
from runner.stage.workspace import Workspace

_MOST = 1 << 20
"""The number of characters read of a file."""


def lesson_files(workspace: Workspace, step: Step) -> dict[str, str | None]:
    """The text of each file of `step` by name; None for one that is missing or cannot be read."""
    return {block.name: _text(workspace, block.name) for block in step.files}


def _text(workspace: Workspace, name: str) -> str | None:
    try:
        path = workspace.path(name)
        # Anything but a regular file could block for ever.
        if not path.is_file():
            return None
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            return file.read(_MOST)
    except (OSError, ValueError, WorkshopError):
        return None
