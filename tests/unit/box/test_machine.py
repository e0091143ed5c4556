"""A machine's room for a class, and its missing parts."""

from pathlib import Path

import pytest

from runner.box import machine
from runner.box.machine import Capacity, capacity, examine
from runner.box.resources import ClassResources, Share
from runner.engine.doctor.findings import Level


def test_the_scarcest_resource_decides() -> None:
    fit = Capacity(memory=90, processors=36, disk=20)
    assert fit.learners == 20
    assert str(fit) == "20 learners fit: memory is enough for 90, processors for 36, disk for 20"


def test_a_disk_that_is_promised_must_be_there(tmp_path: Path) -> None:
    small, large = (
        capacity(ClassResources.under(tmp_path, share=Share(disk=size))) for size in (2**20, 2**50)
    )
    assert small.disk > 0
    assert large.disk == 0


def test_missing_parts_come_with_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "find", lambda _name: None)
    monkeypatch.setattr(machine, "find_spec", lambda _name: None)
    monkeypatch.setattr(machine, "GROUPS", tmp_path)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(machine, "text_if_any", lambda path: "0" if path.startswith("/proc/sys") else "")
    found = examine(ClassResources.under(tmp_path, share=Share(disk=2**50)))
    bad = {finding.name: finding for finding in found if finding.level is not Level.OK}
    assert set(bad) >= {
        *("root", "programs", "python packages", "control groups", "user namespaces", "room"),
        "kernel.dmesg_restrict",
    }
    assert all(finding.remedy for finding in bad.values())
    assert bad["kernel.dmesg_restrict"].level is Level.WARNING
