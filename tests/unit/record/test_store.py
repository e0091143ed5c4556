"""Each store, by the contract."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runner.record.sqlite import SqliteStore
from tests.unit.record.store_contract import StoreContract


class TestSqlite(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteStore]:
        with closing(SqliteStore(tmp_path / "class.sqlite3", most=100, most_bytes=200_000)) as store:
            yield store
