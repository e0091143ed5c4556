"""The gateway's log."""

import io
import logging

from runner.classroom.gateway.process import BoundedLog


def test_a_log_has_an_end_however_much_fails() -> None:
    stream = io.StringIO()
    handler = BoundedLog(stream, 1000)
    for _ in range(100):
        handler.handle(logging.LogRecord("x", logging.ERROR, "x.py", 1, "y" * 300, (), None))
    assert 1000 <= len(stream.getvalue()) <= 1010
