"""What a box, or another container, has room for."""

from pathlib import Path

import pytest

from runner.room import Room


@pytest.mark.parametrize(
    ("files", "room"),
    [
        ({}, Room()),
        ({"memory/memory.limit_in_bytes": "9223372036854771712"}, Room()),
        ({"memory/memory.limit_in_bytes": "1000", "pids/pids.max": "max"}, Room(memory=1000)),
        ({"cgroup.controllers": "", "memory.max": "1000", "pids.max": "50"}, Room(1000, 50)),
        ({"cgroup.controllers": "", "memory.max": "max"}, Room()),
    ],
)
def test_of_both_versions_of_control_groups(tmp_path: Path, files: dict[str, str], room: Room) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    assert Room.of(tmp_path) == room
