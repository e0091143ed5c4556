"""Differences of Podman's Docker-compatible API: it reads a profile from a file, not from the request."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from runner.engine.api import EngineInfo
from runner.engine.command_line import read_option
from runner.errors import EngineError, UsageError
from runner.files import replace_text
from runner.language import tr

NAME = "Podman"
REMARK = (
    "docker's command cannot hand a profile to Podman: "
    "a typed `docker run --security-opt seccomp=FILE` fails there"
)
_PROFILES = ("seccomp=", "seccomp:")


def objection(info: EngineInfo) -> str:
    """The reason why this Podman cannot be used; "" if it can."""
    if info.name == NAME and not info.endpoint.startswith("unix://"):
        return tr(
            "Podman reads seccomp profiles from files, so it must run on this machine and be named by its socket"
        )
    return ""


def without_profile(words: Sequence[str]) -> tuple[list[str], str | None]:
    """The words after `docker run` without the option that names a profile, and that profile's content.

    Docker's own command would send the file's content, which Podman takes for a path. `unconfined` is returned as it
    is, "" for the engine's default, and None if no profile is named.

    Raises:
        UsageError: the file cannot be read.
    """
    kept: list[str] = []
    profile = None
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        read = read_option(words, at)
        if read is None or not read[0]:
            break  # docker says what is wrong
        options, after = read
        name, value = options[0]
        if name == "security-opt" and value.startswith(_PROFILES):
            profile = _content(value[len(_PROFILES[0]) :])
        else:
            kept += words[at:after]
        at = after
    return [*kept, *words[at:]], profile


def _content(named: str) -> str:
    if named in {"unconfined", "builtin"}:
        return "" if named == "builtin" else named
    try:
        return Path(named).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read the profile {named}: {why}", remedy="name a file of JSON") from error


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


def host_settings(found: Mapping[str, Any]) -> dict[str, Any]:
    """The `HostConfig` of a container in Docker's words, in which it can be sent again; Podman reports some in its own.

    `found` is what an engine answers about the container.
    """
    host = dict(found["HostConfig"])
    if host.get("PidMode") == "private":
        host["PidMode"] = ""
    host["Ulimits"] = [
        limit | {"Name": str(limit["Name"]).removeprefix("RLIMIT_").lower()}
        for limit in host.get("Ulimits") or ()
    ]
    return host


def program(found: Mapping[str, Any]) -> list[str]:
    """The program of a container with its arguments; Podman repeats a program without arguments as its argument."""
    path, arguments = str(found["Path"]), list(found["Args"])
    config = found["Config"]
    if arguments == [path] and [*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())] == [path]:
        return [path]
    return [path, *arguments]


def profile_content(value: str) -> str:
    """The profile that a container was started with, from the path that Podman reports."""
    if value.startswith("/"):
        with suppress(OSError, ValueError):
            return Path(value).read_text(encoding="utf-8")
    return value
