"""The names of the files in a learner's workspace, and their sources in a workshop's folders."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from runner.paths import is_file

_LONGEST = 200


def file_name_problem(name: str) -> str:
    """The reason why `name` cannot be a file of the workspace; "" if it can."""
    if name.startswith("/"):
        return "must be relative to the workspace"
    if name.endswith("/") or name == ".":
        return "names a folder, not a file"
    if ".." in name.split("/"):
        return "must not leave the workspace ('..')"
    if any(not character.isprintable() for character in name):
        return "is not a usable file name"
    if (length := len(name.encode())) > _LONGEST:
        return f"is too long for a file's name: {length} bytes, of at most {_LONGEST}"
    if str(PurePosixPath(name)) != name:
        return f"should be written {str(PurePosixPath(name))!r}"
    return ""


def shipped_file(folders: Iterable[Path], name: str) -> Path | None:
    """The file in the workshop's folders that the workspace has as `name`; None if there is none.

    Only JSON files are copied into a workspace.
    """
    first, _, rest = name.partition("/")
    if not rest or not rest.endswith(".json"):
        return None
    candidates = (folder / rest for folder in folders if folder.name == first)
    return next((path for path in candidates if is_file(path)), None)
