"""The shipped labs keep their promises on a real engine."""

import json
import os
import subprocess
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.engine

PRIVILEGED = {"capabilities"}
"""Labs that start a container with `--privileged`."""


@pytest.fixture
def listed(workshop) -> list[str]:
    """All labs, in their order."""
    return [lab["id"] for lab in json.loads(workshop("list", "--json").stdout)["workshops"][0]["labs"]]


@pytest.fixture
def playable(listed, environment) -> list[str]:
    """The labs that the run's engine can start: its root, in a container, say, may lack what --privileged gives."""
    if "WORKSHOP_TEST_ENGINE" not in os.environ:
        return listed
    command = ["docker", "run", "--rm", "--privileged", "--userns=host", "--network=none", "lab", "true"]
    tried = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return [lab for lab in listed if "unable to apply caps" not in tried.stderr or lab not in PRIVILEGED]


@pytest.mark.timeout(900)
def test_every_lab_passes_with_every_proof(workshop, listed, playable, tmp_path):
    chosen = [word for lab in playable for word in ("--lab", lab)]
    done = workshop("verify", *chosen, "--json", tmp_path / "out.json", "--junit", tmp_path / "out.xml")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "out.json").read_text())
    labs = found["workshops"][0]["labs"]
    assert [lab["id"] for lab in labs] == playable
    checks = [check for lab in labs for check in lab["checks"]]
    assert found["counts"] == {"passed": len(checks), "failed": 0, "error": 0, "broken": 0, "skipped": 0}
    for check in checks:
        assert check["proofs"]["solved"] == check["proofs"]["mutants"] == "passed", check["id"]
    cases = ET.parse(tmp_path / "out.xml").getroot().iter("testcase")  # noqa: S314 - our own file
    assert len(list(cases)) == len(checks) + len(labs)
    if absent := set(listed) - set(playable):
        pytest.skip(
            f"all passed but {', '.join(absent)}: this engine's root can't start anything with --privileged"
        )


def test_a_lab_can_be_verified_by_itself_and_unknown_ones_are_named(workshop):
    done = workshop("verify", "--lab", "deny")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 lab: 1 passed")
    unknown = workshop("verify", "--lab", "denny")
    assert unknown.returncode == 2
    assert "denny" in unknown.stderr
    assert "did you mean deny" in unknown.stderr
