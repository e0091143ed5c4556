from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.record.sqlite.logs import OPENED


@pytest.fixture(autouse=True)
def _all_closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "progress.sqlite3"
