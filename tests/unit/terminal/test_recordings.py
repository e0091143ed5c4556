"""`runner.terminal.ghostty`: programs recorded in a terminal look as they did in tmux, an independent emulator."""

import base64
import json
import zlib
from pathlib import Path

import pytest

from runner.terminal.ghostty import GhosttyEmulator

RECORDINGS = sorted((Path(__file__).parent / "recordings").glob("*.json"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_each_step_shows_the_recorded_screen(path):
    """Whatever the program did, the screen after each step is the recorded one."""
    recording = json.loads(path.read_text())
    emulator = GhosttyEmulator(recording["columns"], recording["lines"])
    wrong = {}
    for number, step in enumerate(recording["steps"]):
        emulator.feed(zlib.decompress(base64.b64decode(step["output"])))
        rows = emulator.frame(full=True).rows
        shown = [rows[y].text for y in range(recording["lines"])]
        if shown != step["screen"]:
            wrong[number] = shown
    emulator.close()
    assert wrong == {}
