"""A learner's terminal between their box and the door that they came in by: bytes to be shown, and keys."""

import asyncio
import os
from contextlib import suppress
from typing import Protocol

from runner.classroom.limits.allowance import Allowance
from runner.language import tr
from runner.pace import MACHINE
from runner.record.notice import DemoFrame, screen_rows
from runner.terminal.ghostty import GhosttyEmulator
from runner.terminal.size import Size

_CHUNK = 1 << 16
_BYTES_PER_SECOND, _BURST = 2 << 20, 4 << 20
"""What a terminal may show: more is a flood, and has to wait."""
_PICTURE = 1000
"""Bytes that no program shows before it paints: what it asks of a terminal and sets is less."""
_PATIENCE = 20.0
"""Seconds that a door has to take what it is to show."""


class Door(Protocol):
    """Where a learner sits: a browser's socket, or an ssh channel."""

    kind: str

    async def show(self, data: bytes) -> None:
        """Pass on what the terminal shows; waits while the other side takes no more.

        Raises:
            OSError: there is no other side any more.
        """

    async def leave(self, why: str) -> None:
        """Tell the learner why this is the end, and close.

        Raises:
            OSError: there is no other side any more.
        """

    def drop(self) -> None:
        """Close at once, whatever the other side has not taken."""


async def dismiss(door: Door, why: str, *, seconds: float) -> None:
    """Tell the learner why this is the end; a door that does not take it in so many seconds is closed all the same."""
    try:
        async with asyncio.timeout(seconds):
            await door.leave(why)
    except (OSError, TimeoutError):
        door.drop()


class Terminal:
    """A learner's terminal, whose output is read also while nobody looks, since its program must not be held up."""

    def __init__(self, descriptor: int, size: Size) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._size = size
        self._door: Door | None = None
        self._emulator: GhosttyEmulator | None = None
        self.painted = asyncio.Event()
        """Whether the program has shown a first picture, or has ended."""
        self._readable, self._writable = asyncio.Event(), asyncio.Event()
        self._typing = asyncio.Lock()
        self._reader = asyncio.create_task(self._pump())

    @property
    def door(self) -> Door | None:
        """Where its learner is."""
        return self._door

    async def attach(self, door: Door, size: Size) -> None:
        """Show it at this door from now on; another one is closed."""
        before, self._door = self._door, door
        if before is not None:
            await dismiss(
                before, tr("Your session was opened elsewhere."), seconds=MACHINE.stretched(_PATIENCE)
            )
        if self._door is door:
            self.resize(size)

    def detach(self, door: Door) -> None:
        """The learner has left this door."""
        if self._door is door:
            self._door = None

    def resize(self, size: Size) -> None:
        """Tell the program in the box how large its terminal is."""
        self._size = size
        with suppress(OSError):
            size.tell(self._descriptor)
        if self._emulator is not None:
            self._emulator.resize(size.columns, size.rows)

    async def type(self, data: bytes) -> None:
        """Pass on keys; waits while the program takes none."""
        loop = asyncio.get_running_loop()
        # The door before may wait still; the loop has one writer for a descriptor.
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
        """Follow what is shown, or do not any more; what is there already is not known until it is painted anew."""
        if on and self._emulator is None:
            self._emulator = GhosttyEmulator(self._size.columns, self._size.rows, scrollback=0)
        elif not on and self._emulator is not None:
            self._emulator.close()
            self._emulator = None

    @property
    def watched(self) -> bool:
        """Whether what is shown is followed."""
        return self._emulator is not None

    def picture(self) -> DemoFrame | None:
        """What is shown now, as text and looks; None if it is not watched."""
        return None if self._emulator is None else screen_rows(self._emulator.frame(full=True))

    async def close(self) -> None:
        """Let go of it."""
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
                # Its answers are for the learner's own terminal to give.
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
