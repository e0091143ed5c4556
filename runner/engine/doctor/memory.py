"""Remembers between starts that an engine has passed its trial, and that sudo has refused a command."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import runner
from runner.engine.discovery import Candidate, EngineChoice
from runner.engine.private import launch
from runner.engine.programs import find
from runner.files import text_if_any
from runner.folders import cache_folder

_FILES = ("/etc/subuid", "/etc/subgid", "/etc/os-release")
_SETTINGS = (
    "/proc/sys/user/max_user_namespaces",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
)


def fingerprint(choice: EngineChoice, used: Candidate) -> str:
    """A hash of everything that a trial's outcome depends on: engine, programs, our code, user and machine."""
    programs = filter(None, map(find, (*launch.programs(), "docker")))
    sources = sorted(Path(runner.__file__).parent.joinpath("engine").rglob("*.py"))
    known = [
        used.endpoint.url,
        str(used.description.info) if used.description else "",
        str(choice.places.data),
        # Not PATH itself: it differs between a login shell and other shells of the same user.
        shutil.which("docker", path=choice.environ.get("PATH", os.defpath)),
        os.geteuid(),
        os.uname().release,
        [_stamp(path) for path in (*map(Path, (*programs, *_FILES)), *sources)],
        [text_if_any(Path(path)) for path in _SETTINGS],
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def passed(state: str, environ: Mapping[str, str]) -> bool:
    """True if an engine in this state has passed."""
    return text_if_any(_tried(environ)) == state


def note(state: str, environ: Mapping[str, str]) -> None:
    """Remember that an engine in this state has passed; lost if the cache cannot be written."""
    _write(_tried(environ), state)


def refused(command: str) -> bool:
    """True if sudo has refused this user the `command` meant for an administrator."""
    return text_if_any(_refusal()) == command


def note_refusal(command: str) -> None:
    """Remember that sudo has refused the command; lost if the cache cannot be written."""
    _write(_refusal(), command)


def _tried(environ: Mapping[str, str]) -> Path:
    return cache_folder(environ) / "engine-tried"


def _refusal() -> Path:
    return cache_folder() / "sudo-refused"


def _write(file: Path, text: str) -> None:
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def _stamp(path: Path) -> list[int]:
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]
