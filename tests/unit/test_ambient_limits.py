"""The limits of the container that a process runs in."""

from pathlib import Path

import pytest

from runner.ambient_limits import AmbientLimits


@pytest.mark.parametrize(
    ("files", "limits"),
    [
        ({}, AmbientLimits()),
        ({"memory/memory.limit_in_bytes": "9223372036854771712"}, AmbientLimits()),
        ({"memory/memory.limit_in_bytes": "1000", "pids/pids.max": "max"}, AmbientLimits(memory=1000)),
        ({"cgroup.controllers": "", "memory.max": "1000", "pids.max": "50"}, AmbientLimits(1000, 50)),
        ({"cgroup.controllers": "", "memory.max": "max"}, AmbientLimits()),
    ],
)
def test_of_both_versions_of_control_groups(
    tmp_path: Path, files: dict[str, str], limits: AmbientLimits
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    assert AmbientLimits.of(tmp_path) == limits
