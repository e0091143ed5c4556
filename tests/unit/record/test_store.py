"""Each store, by the contract."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from runner.record.postgres import PostgresStore
from runner.record.sqlite import SqliteStore
from tests.unit.record.database import needs_server, running
from tests.unit.record.store_contract import StoreContract

SECONDS = 60.0


class TestSqlite(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteStore]:
        with closing(SqliteStore(tmp_path / "class.sqlite3", most=100, most_bytes=200_000)) as store:
            yield store


@needs_server
class TestPostgres(StoreContract):
    @pytest.fixture(scope="class")
    def url(self) -> Iterator[str]:
        with running() as server:
            yield server.url

    @pytest.fixture
    def store(self, url: str) -> Iterator[PostgresStore]:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS event, received, bulletin, workshop_record")
        with closing(PostgresStore(url, most=100, most_bytes=200_000, patience=SECONDS)) as store:
            yield store
