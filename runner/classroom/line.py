"""The line between a learner's app and the class."""

import asyncio
from typing import Protocol

MOST_UNREAD = 1 << 20
"""The largest number of bytes of notices that an app may leave unread."""


class Line(Protocol):
    """A stream of lines between an app and the class."""

    async def read(self) -> bytes:
        """The next line; empty at the end.

        Raises:
            OSError, ValueError: the line is too long, or the connection is lost.
        """

    def write(self, data: bytes) -> None:
        """Send, without waiting."""

    @property
    def unread(self) -> int:
        """The number of bytes that the other side has not taken yet."""

    def close(self) -> None:
        """End the connection."""


class StreamLine:
    """Lines over a stream socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        return await self._reader.readline()

    def write(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data)

    @property
    def unread(self) -> int:
        return self._writer.transport.get_write_buffer_size()

    def close(self) -> None:
        self._writer.close()
