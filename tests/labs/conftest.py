"""The real `workshop` command on the test run's engine."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest


@pytest.fixture
def environment(engine_variables: Mapping[str, str], tmp_path: Path) -> dict[str, str]:
    """The command's environment: the run's engine, and separate folders for everything that it stores."""
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    return (
        os.environ
        | engine_variables
        | {
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            "TMPDIR": str(scratch),
            "NO_COLOR": "1",
        }
    )


@pytest.fixture
def workshop(environment: dict[str, str]) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run the command to its end."""

    def run(*arguments: object, **changes: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "runner", *map(str, arguments)],
            env=environment | changes,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        for left_open in ("ResourceWarning", "Exception ignored"):
            assert left_open not in done.stderr, done.stderr
        return done

    return run


@pytest.fixture
def make_workshop(tmp_path: Path) -> Callable[..., Path]:
    """A workshop folder with one lab of the given Markdown for each name."""

    def make(files: tuple[Path, ...] = (), **labs: str) -> Path:
        folder = tmp_path / "workshop"
        folder.mkdir()
        names = ", ".join(f'"{name}.md"' for name in labs)
        shared = ", ".join(f'"{path}"' for path in files)
        (folder / "workshop.toml").write_text(
            f'format = 1\nid = "w"\ntitle = "W"\nsummary = "S"\nlabs = [{names}]\nfiles = [{shared}]\n'
            '[defaults]\nimage = "lab"\ncap_add = ["ALL"]\nsecurity_opt = ["apparmor=unconfined"]\n'
        )
        for name, text in labs.items():
            front = f"---\nid: {name}\ntitle: {name}\nminutes: 1\nobjectives: [See]\n---\n\nWords.\n\n"
            (folder / f"{name}.md").write_text(front + text)
        return folder

    return make
