"""Differences of Podman's Docker-compatible API: it reads a profile from a file, not from the request."""

import hashlib
from contextlib import suppress
from pathlib import Path

from runner.engine.api import EngineInfo
from runner.errors import EngineError
from runner.files import replace_text

NAME = "Podman"


def objection(info: EngineInfo) -> str:
    """The reason why this Podman cannot be used; "" if it can."""
    if info.name == NAME and not info.endpoint.startswith("unix://"):
        return "Podman reads seccomp profiles from files, so it must run on this machine and be named by its socket"
    return ""


def profile_file(content: str, folder: Path) -> str:
    """Write this profile to a file below `folder` and return its path; `unconfined` and "" are returned unchanged.

    Raises:
        EngineError: it cannot be written.
    """
    if content in {"", "unconfined"}:
        return content
    path = folder / f"{hashlib.sha256(content.encode()).hexdigest()[:16]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_text(path, content)
    except OSError as error:
        raise EngineError(
            f"cannot write the profile for Podman to {path}: {error}",
            remedy="free some space there, or set XDG_CACHE_HOME to another folder",
        ) from error
    return str(path)


def profile_content(value: str) -> str:
    """The profile that a container was started with, from the path that Podman reports."""
    if value.startswith("/"):
        with suppress(OSError):
            return Path(value).read_text()
    return value
