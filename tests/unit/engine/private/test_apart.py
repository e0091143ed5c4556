"""Leftovers of engines for single processes, and their removal."""

import subprocess
from dataclasses import replace
from pathlib import Path

from runner.engine.owner import Owner, start_time
from runner.engine.private.apart import sweep
from runner.engine.private.places import Places


def test_only_leftovers_of_dead_processes_are_removed(tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    with subprocess.Popen(["sleep", "60"]) as process:
        other = replace(Owner.current(), pid=process.pid, started=start_time(process.pid) or 0)
        owners = {
            "apart-mine": str(Owner.current()),
            "apart-theirs": str(other),
            "apart-new": "",
            "docker": "",
        }
        for name, owner in owners.items():
            (places.data / name).mkdir(parents=True)
            (places.runtime / name).mkdir(parents=True)
            (places.data / name / "owner").write_text(owner)
        assert sweep(places) == 0
        process.kill()
    assert sweep(places) == 1
    for folder in (places.data, places.runtime):
        assert sorted(path.name for path in folder.iterdir()) == ["apart-mine", "apart-new", "docker"]
