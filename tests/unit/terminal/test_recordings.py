"""Programs recorded in a terminal look as they did in tmux, an independent emulator."""

import base64
import json
import zlib
from pathlib import Path

import pytest

from runner.terminal.bittty import BitttyEmulator
from runner.terminal.ghostty import GhosttyEmulator

RECORDINGS = sorted((Path(__file__).parent / "recordings").glob("*.json"))

GAPS = {
    # vttest's screen of tabulator stops: bittty's are off after a change of the width.
    (BitttyEmulator, "vttest-screen"): {2},
}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", [GhosttyEmulator, BitttyEmulator])
def test_each_step_shows_the_recorded_screen(path, kind):
    """Whatever the program did, the screen after each step is the recorded one."""
    recording = json.loads(path.read_text())
    emulator = kind(recording["columns"], recording["lines"])
    wrong = {}
    for number, step in enumerate(recording["steps"]):
        emulator.feed(zlib.decompress(base64.b64decode(step["output"])))
        rows = emulator.frame(full=True).rows
        shown = [rows[y].text for y in range(recording["lines"])]
        if shown != step["screen"]:
            wrong[number] = shown
    emulator.close()
    assert set(wrong) == GAPS.get((kind, path.stem), set()), wrong
