"""A database that does not answer."""

import psycopg
import pytest

from runner.record.postgres import database as module
from runner.record.postgres.database import Database


def database(url: str, failures: list[int] | None = None) -> Database:
    return Database(url, failed=lambda: None if failures is None else failures.append(1))


def test_one_that_does_not_answer_is_not_asked_again_at_once(monkeypatch):
    tries: list[int] = []
    failures: list[int] = []

    def connect(*_: object, **_options: object) -> None:
        tries.append(1)
        raise psycopg.OperationalError("timeout expired")

    monkeypatch.setattr(psycopg, "connect", connect)
    monkeypatch.setattr(module, "RETRY_SECONDS", float("inf"))
    one = database("postgresql://h/d", failures)
    assert [one.do(lambda _: True) for _ in range(3)] == [None] * 3
    assert one.trouble == "the database: timeout expired"
    assert len(tries) == len(failures) == 1
    with pytest.raises(OSError, match="timeout expired"):
        one.ask(lambda *_: True)
    assert len(tries) == 1
    assert one.do(lambda _: True, again=True) is None
    assert len(tries) == 2
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    assert one.do(lambda _: True) is None
    assert len(tries) == len(failures) == 3


def test_a_password_that_a_server_repeats_is_not_shown(monkeypatch):
    def connect(*_: object, **_options: object) -> None:
        raise psycopg.OperationalError('unrecognized option "s3cret" in the startup packet')

    monkeypatch.setattr(psycopg, "connect", connect)
    one = database("postgresql://u:s3cret@h/d")
    assert one.do(lambda _: True) is None
    assert "startup packet" in one.trouble
    assert "s3cret" not in one.trouble
