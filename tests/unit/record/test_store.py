"""Each store, by the contract."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runner.record.postgres.store import PostgresStore
from runner.record.sqlite.store import SqliteStore
from tests.unit.record.database import Server, needs_server, running
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
    def server(self) -> Iterator[Server]:
        with running() as server:
            yield server

    @pytest.fixture
    def store(self, server: Server) -> Iterator[PostgresStore]:
        server.empty()
        with closing(PostgresStore(server.url, most=100, most_bytes=200_000, patience=SECONDS)) as store:
            yield store
