"""A private engine of a test alone, and processes that use it."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from runner.engine.private import leases
from runner.engine.private.places import Places
from runner.errors import EngineError
from tests.engine.private_users import USER, StartUser


@pytest.fixture
def places() -> Iterator[Places]:
    """Places of this test alone; whatever it leaves running is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield Places.under(folder)
    with suppress(EngineError):
        leases.stop(Places.under(folder))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def user(places: Places) -> Iterator[StartUser]:
    """Starts processes that use the engine until their input ends."""
    started = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER, str(places.data.parent)]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
