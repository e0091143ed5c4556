"""`workshop classroom --rehearse` on a terminal."""

import os
import signal

from tests.tui.driver import Driver


def test_a_rehearsal_whose_terminal_goes_leaves_nothing(tmp_path):
    environment = {"TMPDIR": str(tmp_path), "WORKSHOP_STATE_DIR": str(tmp_path / "state")}
    rehearsal = Driver("classroom", "--rehearse", environment=environment, columns=100, lines=30)
    try:
        rehearsal.wait_for("learners at step")
        assert list(tmp_path.rglob("class.sqlite3")) != []
        os.kill(rehearsal.pid, signal.SIGHUP)
        rehearsal.wait_for_end()
    finally:
        rehearsal.close()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
