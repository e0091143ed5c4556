"""The shipped labs keep their promises on a real engine."""

import json
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.engine


@pytest.mark.timeout(900)
def test_every_lab_passes_with_every_proof(workshop, tmp_path):
    done = workshop("verify", "--json", tmp_path / "out.json", "--junit", tmp_path / "out.xml")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "out.json").read_text())
    labs = found["workshops"][0]["labs"]
    listed = json.loads(workshop("list", "--json").stdout)["workshops"][0]["labs"]
    assert [lab["id"] for lab in labs] == [lab["id"] for lab in listed]
    checks = [check for lab in labs for check in lab["checks"]]
    assert found["counts"] == {"passed": len(checks), "failed": 0, "error": 0, "broken": 0, "skipped": 0}
    for check in checks:
        assert check["proofs"]["solved"] == check["proofs"]["mutants"] == "passed", check["id"]
    cases = ET.parse(tmp_path / "out.xml").getroot().iter("testcase")  # noqa: S314 - our own file
    assert len(list(cases)) == len(checks) + len(labs)


def test_a_lab_can_be_verified_by_itself_and_unknown_ones_are_named(workshop):
    done = workshop("verify", "--lab", "deny")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 lab: 1 passed")
    unknown = workshop("verify", "--lab", "denny")
    assert unknown.returncode == 2
    assert "denny" in unknown.stderr
    assert "did you mean deny" in unknown.stderr
