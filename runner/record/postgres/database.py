"""A database over one connection, which is made when it is needed, and anew after a failure."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg

from runner.errors import UsageError
from runner.record.postgres.address import first_line, read_address
from runner.record.postgres.news import News
from runner.record.postgres.schema import VERSION, prepare

RETRY_SECONDS = 1.0
"""Seconds between two tries of a database that does not answer."""

_Result = TypeVar("_Result")
Connection = psycopg.Connection[Any]


class Database:
    """This program's one connection to a database with the tables of a class, for any thread."""

    def __init__(self, url: str, *, failed: Callable[[], object]) -> None:
        """`url` is an address in libpq's form; `failed` is called when what was known of it may be out of date.

        Raises:
            UsageError: the address is not a database's.
        """
        self._address, self._password = read_address(url)
        self._on_failure = failed
        self.lock = threading.RLock()
        """Held while it is asked; hold it to ask several things with nothing in between."""
        self.trouble = ""
        """The reason why it cannot be reached now; "" if it could be at the last try."""
        self._failed = float("-inf")
        self._connection: Connection | None = None
        self._news: News | None = None

    def do(self, action: Callable[[Connection], _Result], *, again: bool = False) -> _Result | None:
        """The result of `action` on the database; None, with `trouble` set, if the database cannot be reached now.

        After a failure the writer tries `again`, and others do so after a moment: no caller waits for a database that
        is known not to answer.
        """
        with self.lock:
            if self.trouble and not again and time.monotonic() - self._failed < RETRY_SECONDS:
                return None
            try:
                result = action(self._open())
            except (psycopg.Error, UsageError) as error:
                self.fail(self._reason(error))
                return None
            self.trouble = ""
            return result

    def ask(self, action: Callable[[Connection, News], _Result]) -> _Result:
        """The result of `action` on the database.

        Raises:
            OSError: the database cannot be reached now.
        """
        answer = self.do(lambda connection: (action(connection, self.news),))
        if answer is None:
            raise OSError(self.trouble)
        return answer[0]

    @property
    def news(self) -> News:
        """The notifications over the connection that an action has."""
        assert self._news is not None
        return self._news

    def fail(self, reason: str) -> None:
        """Give the connection up, and set the `trouble`."""
        self._disconnect()
        self._on_failure()
        self.trouble, self._failed = f"the database: {reason}", time.monotonic()

    def close(self) -> None:
        """Close the connection."""
        with self.lock:
            self._disconnect()

    def _open(self) -> Connection:
        if self._connection is None:
            # Prepared statements would tie it to one connection of a pool.
            connection = psycopg.connect(self._address, autocommit=True, prepare_threshold=None)
            try:
                found = prepare(connection)
            except BaseException:
                connection.close()
                raise
            if found != VERSION:
                connection.close()
                raise UsageError(
                    f"the database has version {found}, and this program writes version {VERSION}",
                    remedy="update workshop, or name another database",
                )
            self._connection, self._news = connection, News(connection)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _reason(self, error: psycopg.Error | UsageError) -> str:
        if isinstance(error, UsageError):
            return f"{error}; {error.remedy}"
        said = first_line(error)
        return said.replace(self._password, "…") if self._password else said
