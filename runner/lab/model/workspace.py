"""The names of the files in a learner's workspace, and where a workshop's folders put theirs."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from runner.paths import is_file


def file_name_problem(name: str) -> str:
    """Why `name` cannot be a file of the workspace, or ""."""
    if name.startswith("/"):
        return "must be relative to the workspace"
    if name.endswith("/"):
        return "names a folder, not a file"
    if ".." in name.split("/"):
        return "must not leave the workspace ('..')"
    if any(not character.isprintable() for character in name) or len(name) > 200:
        return "is not a usable file name"
    if str(PurePosixPath(name)) != name:
        return f"should be written {str(PurePosixPath(name))!r}"
    return ""


def shipped_file(folders: Iterable[Path], name: str) -> Path | None:
    """The file of one of the workshop's folders that the workspace holds as `name`, if there is one.

    Only JSON files are copied into a workspace.
    """
    first, _, rest = name.partition("/")
    if not rest or not rest.endswith(".json"):
        return None
    candidates = (folder / rest for folder in folders if folder.name == first)
    return next((path for path in candidates if is_file(path)), None)
