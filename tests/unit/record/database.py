"""A private PostgreSQL server for tests, which can be stopped and started again."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from runner.pace import MACHINE

_SECONDS = 60.0
_SETTINGS = (
    *("listen_addresses=", "max_connections=40", "shared_buffers=4MB", "autovacuum=off"),
    *("dynamic_shared_memory_type=posix", "max_wal_size=64MB"),
)
_NOBODY = "postgres"


def _program(name: str) -> str:
    """A program of the server's, which Debian keeps out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or ""


HAS_SERVER = bool(_program("postgres"))
needs_server = pytest.mark.skipif(not HAS_SERVER, reason="the server of PostgreSQL is not installed")


class Server:
    """A server whose files are in `folder`; it cannot be reached but through a socket there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data, self._said = folder / "data", folder / "said"
        self.url = f"postgresql://postgres@/postgres?host={folder}"

    def create(self) -> None:
        self._run(_program("initdb"), "-D", str(self._data), "--auth=trust", "--no-sync", "-U", "postgres")

    def start(self) -> None:
        options = " ".join(
            f"-c {setting}" for setting in (*_SETTINGS, f"unix_socket_directories={self._folder}")
        )
        log = str(self._folder / "log")
        self._control("start", "-l", log, "-o", options)

    def stop(self, how: str = "fast") -> None:
        """`immediate` is as if the machine had lost its power, but for what the kernel has."""
        self._control("stop", "-m", how)

    def empty(self) -> None:
        """Drop all tables that a store makes."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS event, received, bulletin, workshop_record")

    def _control(self, *words: str) -> None:
        seconds = str(round(MACHINE.stretched(_SECONDS)))
        self._run(_program("pg_ctl"), "-D", str(self._data), "-w", "-t", seconds, *words)

    def _run(self, *words: str) -> None:
        # The server refuses to be root's.
        user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": ()} if os.geteuid() == 0 else {}
        with self._said.open("ab") as said:
            done = subprocess.run(
                words,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                check=False,
                env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self._folder)},
                **user,  # type: ignore[arg-type]
            )
        assert done.returncode == 0, self._said.read_text() + self._log()

    def _log(self) -> str:
        log = self._folder / "log"
        return log.read_text() if log.exists() else ""


@contextmanager
def running() -> Iterator[Server]:
    """A new server, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-test-database-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _NOBODY, _NOBODY)
    server = Server(folder)
    try:
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)
