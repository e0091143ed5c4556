"""Collects the program and its installed Python packages as wheels."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from runner.errors import WorkshopError

PROGRAM = "seccomp-workshop"
_SECONDS = 1200.0
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


def collect(folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """Collect the wheels of this installation in `folder`, which must be empty.

    Raises:
        WorkshopError: a wheel cannot be downloaded or built.
    """
    if find_spec("pip") is None:
        raise WorkshopError(
            f"the Python packages cannot be downloaded: {sys.executable} has no pip",
            remedy=f"add it: {sys.executable} -m ensurepip; or leave them out: --without wheels",
        )
    own, *others = needed()
    progress(f"Getting {len(others)} Python packages")
    exact = [f"{one.metadata['Name']}=={one.version}" for one in others]
    _pip("download", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), *exact)
    progress("Making the program's own wheel")
    _pip(*_own(own, folder))
    return sorted(folder.glob("*.whl"))


def needed() -> list[Distribution]:
    """The program's distribution, followed by the installed distributions that it needs, by name."""
    own = distribution(PROGRAM)
    found = {PROGRAM: own}
    waiting = [own]
    while waiting:
        for name in _requirements(waiting.pop()):
            if name not in found and (one := _installed(name)) is not None:
                found[name] = one
                waiting.append(one)
    del found[PROGRAM]
    return [own, *(found[name] for name in sorted(found))]


def _requirements(one: Distribution) -> Iterator[str]:
    """The names that a distribution requires, including those of each extra whose requirements are all installed."""
    extras: dict[str, list[str]] = {}
    for requirement in one.requires or ():
        match = _REQUIREMENT.match(requirement)
        if match is None:
            continue
        name = re.sub(r"[-_.]+", "-", match[1]).lower()
        extra = _EXTRA.search(requirement)
        if extra is None:
            yield name
        else:
            extras.setdefault(extra[1], []).append(name)
    if one.metadata["Name"] == PROGRAM:
        for names in extras.values():
            if all(_installed(name) for name in names):
                yield from names


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _own(own: Distribution, folder: Path) -> list[str]:
    """pip's arguments for the program's wheel: built from the folder it was installed from, else downloaded."""
    origin = urlsplit(str(json.loads(own.read_text("direct_url.json") or "{}").get("url", "")))
    path = unquote(origin.path)
    if origin.scheme == "file" and Path(path).exists():
        # A development checkout has the build tools installed, so no network is needed.
        isolation = (
            ["--no-build-isolation"] if _installed("hatchling") and _installed("argparse-manpage") else []
        )
        return ["wheel", "--no-deps", *isolation, "--wheel-dir", str(folder), path]
    return ["download", "--no-deps", "--dest", str(folder), f"{PROGRAM}=={own.version}"]


def _pip(command: str, *words: str) -> None:
    environment = {"SOURCE_DATE_EPOCH": "1577836800", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip", command, "--quiet", "--no-input", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=os.environ | environment,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkshopError(f"pip took more than {_SECONDS:g} s", remedy="check the network") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"])[-1]
        raise WorkshopError(
            f"the Python packages cannot be downloaded: {last}",
            remedy="check the network; or leave them out: --without wheels",
        )
