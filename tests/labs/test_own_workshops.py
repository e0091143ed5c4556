"""The author's starting points work on a real engine: the template, and every example of the guide."""

import json
from pathlib import Path

import pytest

from tests.unit.lab.guide import write_fragments, write_workshop

pytestmark = pytest.mark.engine


def passed(workshop, folder):
    done = workshop("verify", folder, "--json", "-")
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout)["counts"]
    assert counts["passed"] > 0
    assert sum(counts.values()) == counts["passed"]


def test_a_new_workshop_lints_clean_and_verifies(workshop, tmp_path):
    assert workshop("new", tmp_path / "mine").returncode == 0
    assert workshop("lint", tmp_path / "mine").returncode == 0
    passed(workshop, tmp_path / "mine")


@pytest.mark.parametrize("write", [write_workshop, write_fragments])
def test_the_guide_s_examples_verify(workshop, tmp_path: Path, write):
    folder = tmp_path / "guide"
    folder.mkdir()
    write(folder)
    passed(workshop, folder)
