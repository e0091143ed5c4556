"""The real command, on a real terminal and a real engine."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from runner.content import LABS
from runner.engine.discovery import EngineChoice
from tests.tui.driver import Driver

pytestmark = pytest.mark.engine
SHIFT_TAB = "\x1b[Z"


@pytest.fixture
def environment(engine_variables: Mapping[str, str], tmp_path: Path) -> dict[str, str]:
    return {**engine_variables, "XDG_STATE_HOME": str(tmp_path)}


@pytest.fixture
def start(environment: dict[str, str], engine_choice: EngineChoice) -> Iterator:
    drivers: list[Driver] = []

    def start(lab: str = "no-chmod", **size: int) -> Driver:
        drivers.append(
            Driver(
                *("run", str(LABS / "seccomp"), lab, "--engine", engine_choice.engine),
                environment=environment,
                **size,
            )
        )
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.close()


def progress(environment: dict[str, str]) -> dict:
    """The output of `workshop progress --json` for the lab no-chmod."""
    command = [sys.executable, "-c", "from runner.cli.main import main; main(['progress', '--json'])"]
    printed = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, check=True, text=True
    ).stdout
    return next(lab for lab in json.loads(printed)["workshops"][0]["labs"] if lab["id"] == "no-chmod")


def has_tab(name: str):
    """True if the row of tabs, the screen's second, has one of that name."""
    return lambda screen: name in screen.splitlines()[1]


def test_one_key_leads_through_a_whole_lab(start, environment):
    """Space launches, types, solves, answers and goes on, up to the summary, and every check passes on the way."""
    app = start()
    app.wait_for(has_tab("your shell"))
    app.press_until(" ", "Take one thing away: done", warnings=["again to have", "again goes on"])
    app.wait_for("6 of 6 passed")
    found = progress(environment)
    assert found["standing"] == "finished"
    assert all(found["checks"].values())
    assert found["solved"], "the solutions that were typed are recorded as such"
    app.press("q")
    app.wait_for("Quit")
    app.press("q")
    app.wait_for_end()


def test_a_learner_types_and_the_check_ticks(start, environment):
    """Commands typed by hand count as much as those that a key types; the terminal has the keys until Shift+Tab."""
    app = start()
    app.wait_for(has_tab("your shell"))
    app.press("l")
    app.wait_for(has_tab("plain"))
    app.press("l")
    app.wait_for(has_tab("nochmod"))
    app.press("t")
    app.wait_for("Leave terminal")
    app.press("touch /tmp/q; chmod 700 /tmp/q\r")
    app.wait_for("✓ chmod fails in nochmod")
    assert progress(environment)["checks"]["chmod-fails"]
    app.press(SHIFT_TAB)
    app.wait_for("c Check")


def test_input_in_one_go_acts_in_order(start):
    """Like over a slow line: the keys before Shift+Tab are the terminal's, those after it the lesson's."""
    app = start()
    app.wait_for(has_tab("your shell"))
    app.press(f"techo bur''st\r{SHIFT_TAB}?")
    app.wait_for("Esc closes")
    app.press("\x1b")
    app.wait_for(lambda screen: "Esc closes" not in screen and "│burst" in screen.replace(" ", ""))


def test_killed_and_resumed(start, environment):
    """After kill -9 the learner is at the same step, with what had passed and the files they had made."""
    app = start()
    app.wait_for(has_tab("your shell"))
    app.press("t")
    app.wait_for("Leave terminal")
    app.press("echo mine > note; cat note\r")
    app.wait_for(lambda screen: screen.count("mine") == 2)
    app.press(SHIFT_TAB)
    app.wait_for("c Check")
    app.press("S")
    app.wait_for("See the call itself")
    before = progress(environment)
    assert before["checks"]["chmod-fails"]
    os.kill(app.pid, signal.SIGKILL)
    app.wait_for_end()

    again = start()
    again.wait_for("See the call itself")
    again.wait_for(has_tab("nochmod"))
    assert progress(environment)["checks"] == before["checks"]
    again.press("r")
    again.wait_for("EPERM")
    again.press("t")
    again.wait_for("Leave terminal")
