"""Each board, by one contract."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from runner.record.bulletin import BulletinBoard
from runner.record.postgres import board as postgres_board
from runner.record.postgres.board import PostgresBoard
from runner.record.postgres.store import PostgresStore
from runner.record.sqlite.board import SqliteBoard
from tests.fakes import wait_until
from tests.unit.record.database import Server, needs_server, running


def until(board: BulletinBoard, place: int, *, count: int) -> list[tuple[int, str]]:
    """So many orders behind a place, once the other program's have come."""
    found: list[tuple[int, str]] = []

    def all_came() -> bool:
        found.extend(board.since("order", found[-1][0] if found else place))
        return len(found) >= count

    assert wait_until(all_came), found
    return found


class BoardContract:
    """A subclass has a fixture `boards`: two programs' ways to the same empty board."""

    def test_posts_are_seen_by_all_in_order(self, boards: tuple[BulletinBoard, BulletinBoard]) -> None:
        ours, theirs = boards
        assert list(theirs.since("order", 0)) == []
        for text in ("first", "second"):
            ours.post("order", text)
        ours.post("other", "not this")
        seen = until(theirs, 0, count=2)
        assert [text for _, text in seen] == ["first", "second"]
        place = seen[-1][0]
        assert list(theirs.since("order", place)) == []
        ours.post("order", "third 🙂")
        assert [text for _, text in until(theirs, place, count=1)] == ["third 🙂"]

    def test_what_was_posted_before_a_place_can_be_deleted(
        self, boards: tuple[BulletinBoard, BulletinBoard]
    ) -> None:
        ours, theirs = boards
        ours.pin("order", "ada", "pinned")
        ours.post("other", "not this")
        ours.post("order", "first")
        place = theirs.post("order", "second")
        ours.drop_before("order", place)
        assert ours.since("order", 0) == [(place, "second")]
        assert [text for _, text in ours.since("other", 0)] == ["not this"]
        assert [one.text for one in ours.pinned("order")] == ["pinned"]
        assert ours.post("order", "third") > place

    def test_a_pin_replaces_the_authors_last_one(self, boards: tuple[BulletinBoard, BulletinBoard]) -> None:
        ours, theirs = boards
        ours.pin("person", "ada", "here")
        theirs.pin("person", "bob", "here")
        ours.pin("person", "ada", "gone")
        assert [(one.author, one.text) for one in theirs.pinned("person")] == [
            ("ada", "gone"),
            ("bob", "here"),
        ]
        assert all(0 <= one.age < 3600 for one in theirs.pinned("person"))
        theirs.unpin("person", "bob")
        ours.unpin("person", "nobody")
        assert [one.author for one in ours.pinned("person")] == ["ada"]
        assert list(theirs.since("person", 0)) == []


class TestSqlite(BoardContract):
    @pytest.fixture
    def boards(self, tmp_path: Path) -> Iterator[tuple[BulletinBoard, BulletinBoard]]:
        path = tmp_path / "class.sqlite3"
        with closing(SqliteBoard(path)) as ours, closing(SqliteBoard(path)) as theirs:
            yield ours, theirs

    def test_a_text_that_cannot_be_pinned_leaves_the_one_before(
        self, tmp_path: Path, boards: tuple[BulletinBoard, BulletinBoard]
    ) -> None:
        path, board = tmp_path / "class.sqlite3", boards[0]
        board.pin("person", "ada", "here")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "CREATE TRIGGER full BEFORE INSERT ON bulletin BEGIN SELECT RAISE(ABORT, 'no room'); END"
            )
        with pytest.raises(OSError, match="no room"):
            board.pin("person", "ada", "gone")
        assert [one.text for one in board.pinned("person")] == ["here"]

    def test_a_file_that_is_deleted_meanwhile_is_made_anew(
        self, tmp_path: Path, boards: tuple[BulletinBoard, BulletinBoard]
    ) -> None:
        ours, theirs = boards
        for board in boards:
            place = board.post("order", "old")
        for file in tmp_path.glob("class.sqlite3*"):
            file.unlink()
        ours.post("order", "new")
        ((again, text),) = theirs.since("order", place)
        assert text == "new"
        assert not theirs.since("order", again)

    def test_the_file_is_opened_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        connect, opened = sqlite3.connect, []

        def noted(*arguments: Any, **options: Any) -> sqlite3.Connection:
            opened.append(arguments)
            return connect(*arguments, **options)

        monkeypatch.setattr(sqlite3, "connect", noted)
        with closing(SqliteBoard(tmp_path / "class.sqlite3")) as board:
            for _ in range(3):
                board.pin("person", "ada", "here")
                assert board.pinned("person")
        assert len(opened) == 1

    def test_one_that_cannot_be_had_is_an_error_of_the_system(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="missing"):
            SqliteBoard(tmp_path / "missing/class.sqlite3").post("order", "x")


@needs_server
class TestPostgres(BoardContract):
    @pytest.fixture(scope="class")
    def server(self) -> Iterator[Server]:
        with running() as server:
            yield server

    @pytest.fixture
    def boards(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[tuple[BulletinBoard, BulletinBoard]]:
        # What is new is told, not found by looking again.
        monkeypatch.setattr(postgres_board, "_POLL_SECONDS", float("inf"))
        server.empty()
        with closing(PostgresStore(server.url)) as ours, closing(PostgresStore(server.url)) as theirs:
            yield PostgresBoard(ours.database), PostgresBoard(theirs.database)

    def test_one_that_does_not_answer_is_an_error_of_the_system(self) -> None:
        store = PostgresStore("postgresql://nobody@/nothing?host=/nowhere")
        with closing(store), pytest.raises(OSError, match="the database"):
            PostgresBoard(store.database).post("order", "x")
