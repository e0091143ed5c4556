"""An error of work whose app is being left does no harm, and is not hidden."""

import logging

import pytest
from textual.css.query import NoMatches
from textual.worker import WorkerCancelled, WorkerFailed

from runner.tui.app import WorkshopApp


class Left:
    """An app that is ending."""

    return_code = 0


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (NoMatches("it is gone"), logging.INFO),
        (WorkerCancelled("it was ended"), logging.INFO),
        (WorkerFailed(OSError("the socket is gone")), logging.INFO),
        (AttributeError("a fault"), logging.ERROR),
        (WorkerFailed(KeyError("a fault")), logging.ERROR),
    ],
)
def test_only_what_leaving_explains_is_no_error(
    caplog: pytest.LogCaptureFixture, error: Exception, level: int
) -> None:
    caplog.set_level(logging.DEBUG)
    assert WorkshopApp.take_failure(Left(), error)  # type: ignore[arg-type]
    assert [record.levelno for record in caplog.records] == [level]
