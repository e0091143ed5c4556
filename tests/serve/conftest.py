"""A served workshop, with a stand-in for the workshop."""

import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runner.serve.run import serving
from tests.serve import served_stub
from tests.serve.visiting import Place


@pytest.fixture
def place(tmp_path: Path):
    """Serves: `async with place(sessions=1, manner="plain") as place`."""

    @asynccontextmanager
    async def place(*, sessions: int = 2, manner: str = "plain"):
        notes, folder, addresses = tmp_path / "notes", tmp_path / "served", []
        stub = [sys.executable, served_stub.__file__, str(notes), manner]
        found = None
        try:
            async with serving(
                stub, host="127.0.0.1", port=0, sessions=sessions, folder=folder, announce=addresses.append
            ) as origin:
                found = Place(origin, addresses, notes, folder)
                yield found
        finally:
            # Not before: the server has to end what visitors still use.
            if found is not None:
                await found.close()

    return place
