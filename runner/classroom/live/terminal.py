"""A learner's terminal, between their box and the door that they came in by: output bytes, and keys."""

import asyncio
import os
from contextlib import suppress
from typing import Protocol

from runner.classroom.limits.allowance import Allowance
from runner.classroom.live.picture import picture_of
from runner.language import tr
from runner.pace import MACHINE
from runner.record.notice import DemoFrame
from runner.terminal.ghostty import GhosttyEmulator
from runner.terminal.size import Size

_CHUNK = 1 << 16
_BYTES_PER_SECOND, _BURST = 2 << 20, 4 << 20
"""The output rate of a terminal, beyond which it has to wait."""
_PICTURE = 1000
"""Bytes that no program writes before it paints: queries and mode settings take fewer."""
_PATIENCE = 20.0
"""Seconds that a door has to take its output."""


class Door(Protocol):
    """A learner's connection: a browser's socket, or an ssh channel."""

    kind: str

    async def show(self, data: bytes) -> None:
        """Show output; waits while the other side takes no more.

        Raises:
            OSError: the other side is gone.
        """

    async def leave(self, why: str) -> None:
        """Tell the learner why the session ends, and close.

        Raises:
            OSError: the other side is gone.
        """

    def drop(self) -> None:
        """Close at once, even if output is unsent."""


async def dismiss(door: Door, why: str, *, seconds: float) -> None:
    """Tell the learner why the session ends, and close; after so many seconds the door is dropped."""
    try:
        async with asyncio.timeout(seconds):
            await door.leave(why)
    except (OSError, TimeoutError):
        door.drop()


class Terminal:
    """A learner's terminal; its output is read even when nobody looks, so that its program is never held up."""

    def __init__(self, descriptor: int, size: Size) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._size = size
        self._door: Door | None = None
        self._emulator: GhosttyEmulator | None = None
        self.painted = asyncio.Event()
        """Set once the program has shown a first picture, or has ended."""
        self._readable, self._writable = asyncio.Event(), asyncio.Event()
        self._typing = asyncio.Lock()
        self._reader = asyncio.create_task(self._pump())

    @property
    def door(self) -> Door | None:
        """The door that shows the terminal; None if there is none."""
        return self._door

    async def attach(self, door: Door, size: Size) -> None:
        """Show the terminal at this door from now on; an earlier door is closed."""
        before, self._door = self._door, door
        if before is not None:
            await dismiss(
                before, tr("Your session was opened elsewhere."), seconds=MACHINE.stretched(_PATIENCE)
            )
        if self._door is door:
            self.resize(size)

    def detach(self, door: Door) -> None:
        """Stop showing the terminal at this door."""
        if self._door is door:
            self._door = None

    def resize(self, size: Size) -> None:
        """Tell the program in the box the size of its terminal."""
        self._size = size
        with suppress(OSError):
            size.tell(self._descriptor)
        if self._emulator is not None:
            self._emulator.resize(size.columns, size.rows)

    async def type(self, data: bytes) -> None:
        """Send keys; waits while the program takes none."""
        loop = asyncio.get_running_loop()
        # A call from the earlier door may still wait; the loop has one writer for a descriptor.
        async with self._typing:
            while data and not self._reader.done():
                try:
                    data = data[os.write(self._descriptor, data) :]
                except BlockingIOError:
                    self._writable.clear()
                    loop.add_writer(self._descriptor, self._writable.set)
                    try:
                        await self._writable.wait()
                    finally:
                        loop.remove_writer(self._descriptor)
                except OSError:
                    return

    def watch(self, *, on: bool) -> None:
        """Start or stop following the output; content from before is unknown until it is repainted."""
        if on and self._emulator is None:
            self._emulator = GhosttyEmulator(self._size.columns, self._size.rows, scrollback=0)
        elif not on and self._emulator is not None:
            self._emulator.close()
            self._emulator = None

    @property
    def watched(self) -> bool:
        """True if the output is followed."""
        return self._emulator is not None

    def picture(self) -> DemoFrame | None:
        """The current screen, as text and styles; None if it is not watched."""
        return None if self._emulator is None else picture_of(self._emulator.frame(full=True))

    async def close(self) -> None:
        """Close the terminal."""
        self._door = None
        self.painted.set()
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader
        self.watch(on=False)
        os.close(self._descriptor)
        self._writable.set()

    async def _pump(self) -> None:
        allowance = Allowance(_BYTES_PER_SECOND, _BURST)
        shown = 0
        while data := await self._read():
            shown += len(data)
            if shown > _PICTURE:
                self.painted.set()
            if self._emulator is not None:
                # Queries are for the learner's own terminal to answer.
                self._emulator.feed(data)
            if self._door is not None:
                await self._show(self._door, data)
            await allowance.take(len(data))
        self.painted.set()

    async def _read(self) -> bytes:
        loop = asyncio.get_running_loop()
        while True:
            try:
                return os.read(self._descriptor, _CHUNK)
            except BlockingIOError:
                self._readable.clear()
                loop.add_reader(self._descriptor, self._readable.set)
                try:
                    await self._readable.wait()
                finally:
                    loop.remove_reader(self._descriptor)
            except OSError:
                return b""

    async def _show(self, door: Door, data: bytes) -> None:
        try:
            async with asyncio.timeout(MACHINE.stretched(_PATIENCE)):
                await door.show(data)
        except (OSError, TimeoutError):
            self.detach(door)
            door.drop()
