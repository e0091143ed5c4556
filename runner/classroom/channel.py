"""What a learner's app tells the class, and the class the app: lines of JSON, at a socket of each learner's own."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from runner.record.notice import Notice
from runner.record.wire import LONGEST_LINE, BadLineError, encode_notice

_LINES_PER_SECOND = 50.0
_BURST = 500.0
_MOST_BAD = 10
_NOTICES_WAITING = 1 << 20
"""Bytes of notices that an app may leave unread."""


class Talk:
    """One connection of an app. `take` is given each line and says what to answer; `trouble` is told what is wrong."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        take: Callable[[bytes], tuple[Notice, ...]],
        trouble: Callable[[str], None],
    ) -> None:
        self._reader, self._writer = reader, writer
        self._take, self._trouble = take, trouble

    async def run(self) -> None:
        """Hear it out until it ends, or says too much nonsense."""
        allowance = Allowance(_LINES_PER_SECOND, _BURST)
        bad = 0
        try:
            while bad < _MOST_BAD and (line := await self._reader.readline()):
                await allowance.take()
                try:
                    for notice in self._take(line):
                        self.tell(notice)
                except BadLineError as error:
                    bad += 1
                    self._trouble(f"the app says what it may not: {error}")
        except (OSError, ValueError):
            # A line that is too long, or no connection any more.
            self._trouble("the app says what is no line" if not self._reader.at_eof() else "")
        finally:
            self.close()

    def tell(self, notice: Notice) -> None:
        """Tell the app; one that reads nothing is let go."""
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > _NOTICES_WAITING:
            self.close()
            return
        self._writer.write(encode_notice(notice))

    def close(self) -> None:
        """End it."""
        self._writer.close()


class Allowance:
    """How much of something may come in a while: as much as `burst` at once, and so much in a second from then on."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst = per_second, burst
        self._left = burst
        self._at = asyncio.get_running_loop().time()

    async def take(self, amount: float = 1.0) -> None:
        """Wait until there is so much."""
        now = asyncio.get_running_loop().time()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - amount
        self._at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / self._rate)


async def listen(path: Path, talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]) -> asyncio.Server:
    """Listen for the app of the box that sees this socket."""
    with suppress(FileNotFoundError):
        path.unlink()
    server = await asyncio.start_unix_server(talk, path, limit=LONGEST_LINE)  # type: ignore[arg-type]
    # The box's root is nobody here, and no other box sees the folder.
    os.chmod(path, 0o666)  # noqa: PTH101, S103
    return server
