"""The workshop's container is built from existing files."""

import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[3]


def copied() -> list[str]:
    lines = (ROOT / "Containerfile").read_text().splitlines()
    return [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]


def test_copied_files_exist_and_are_not_ignored_by_the_build() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert "runner" in copied()
    for name in copied():
        assert (ROOT / name).exists(), name
        assert any(fnmatch.fnmatch(name, f"{one}*") for one in allowed), name
