"""One session: a separate process that speaks Textual's protocol for browsers."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from aiohttp.web import WebSocketResponse
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from runner.pace import MACHINE
from runner.serve import launcher

PATIENCE = 15.0
"""Seconds that a session has to remove its containers before it is killed."""


class Session(AppService):
    """Runs `command` for a browser with only the variables of `environment`, and without a shell."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], log: Path, socket: WebSocketResponse
    ) -> None:
        super().__init__(
            "",
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=self._close,
            download_manager=DownloadManager(),
        )
        self._argv = command
        self._environment = environment
        self._log = log
        self._socket = socket

    @property
    def complaint(self) -> str:
        """The program's error output if it failed; "" if it did not."""
        process = self._process
        if process is None or process.returncode is None or process.returncode <= 0:
            return ""
        with suppress(OSError):
            return self._log.read_text(encoding="utf-8", errors="replace").strip()
        return ""

    async def run(self) -> None:
        """Relay the program's output, and end the connection with it, however it ends."""
        try:
            await super().run()
        except asyncio.CancelledError:
            # If the program ended before the session is read, Textual cancels and awaits a task that never began.
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
        finally:
            await self._socket.close()

    async def stop(self) -> None:
        """Ask it to end, kill it if it does not, and wait until it is gone."""
        process = self._process
        if process is None:
            return
        try:
            async with asyncio.timeout(MACHINE.stretched(PATIENCE)):
                await super().stop()
                await process.wait()
        except (TimeoutError, OSError):
            pass
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def _close(self) -> None:
        await self._socket.close()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", launcher.__file__, str(self._log), str(os.getpid())),
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=self._environment["HOME"],
            env={**self._environment, "COLUMNS": str(width), "ROWS": str(height)},
            start_new_session=True,
        )
        self._stdin = process.stdin
        return process
