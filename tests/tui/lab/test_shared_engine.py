"""A program that ends while a session is being opened leaves no folder."""

import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.errors import WorkshopError
from runner.stage.persistent import PersistentWorkspace
from runner.tui import shared_engine as module
from tests.tui.lab.conftest import WatchedLock


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """The folder for temporary files, of this test alone."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def beside():
    with ThreadPoolExecutor() as threads:
        yield threads


def open_session(shared, workshop):
    return shared.open(workshop, workshop.labs[0], lambda _event: None, lambda _text: None)


def left(folder):
    return list(folder.glob("*/*/"))


def test_an_engine_that_comes_too_late_opens_no_session(blocked, workshop, beside, scratch):
    shared, free = blocked
    opening = beside.submit(open_session, shared, workshop)
    shared.close()
    free.set()
    with pytest.raises(WorkshopError, match="being left"):
        opening.result(60)
    assert not left(scratch)


def test_closing_waits_for_a_session_that_is_being_opened(blocked, workshop, beside, scratch, monkeypatch):
    shared, free = blocked
    free.set()
    fill, filling, lock = PersistentWorkspace.fill, threading.Event(), WatchedLock()

    def fill_slowly(workspace, files):
        filling.set()
        assert lock.wanted.wait(10), "nobody waits"
        fill(workspace, files)

    monkeypatch.setattr(PersistentWorkspace, "fill", fill_slowly)
    monkeypatch.setattr(module, "PATIENCE", 60.0)
    monkeypatch.setattr(shared, "_opening", lock)
    opening = beside.submit(open_session, shared, workshop)
    assert filling.wait(60)
    assert left(scratch)
    shared.close()
    assert not left(scratch)
    opening.result(60)
