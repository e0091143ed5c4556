"""The files of a lesson as they are in the workspace."""

from runner.errors import WorkshopError
from runner.lab.model.workshop import Step
from runner.stage.workspace import Workspace

_MOST = 1 << 20
"""Characters of a file that are read."""


def lesson_files(workspace: Workspace, step: Step) -> dict[str, str | None]:
    """The text of each file of `step` by its name; None for one that is not there or cannot be read."""
    return {block.name: _text(workspace, block.name) for block in step.files}


def _text(workspace: Workspace, name: str) -> str | None:
    try:
        path = workspace.path(name)
        # What is no file could keep us waiting for ever.
        if not path.is_file():
            return None
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            return file.read(_MOST)
    except (OSError, ValueError, WorkshopError):
        return None
