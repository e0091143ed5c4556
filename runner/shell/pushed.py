"""A pexpect spawn on bytes that another reader pushes to it."""

import io
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

import pexpect
from pexpect.spawnbase import SpawnBase

if TYPE_CHECKING:
    _Base = SpawnBase[bytes]
else:  # generic only to the type checker
    _Base = SpawnBase

_KEPT = 1 << 20
_WINDOW = 1 << 13
_PIECE = _WINDOW // 2


class PushedSpawn(_Base):
    """A pexpect spawn whose input is pushed to it, chunk by chunk, and b"" for its end.

    The pusher never waits. While nobody expects, only the last mebibyte is kept. A pattern of up to 4 KiB is found
    anywhere: each search covers the last 8 KiB, and no more than half of that is read at once.
    """

    _before: io.BytesIO

    def __init__(self) -> None:
        super().__init__(maxread=_PIECE, searchwindowsize=_WINDOW)
        self.delayafterread = None
        self.closed = False
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._pushed = threading.Condition()

    def push(self, data: bytes) -> None:
        """Take the next chunk; b"" is the end of the stream."""
        with self._pushed:
            self._chunks.append(data)
            self._size += len(data)
            while self._size > _KEPT and len(self._chunks) > 1:
                self._size -= len(self._chunks.popleft())
            self._pushed.notify_all()

    def read_nonblocking(self, size: int = 1, timeout: float | None = -1) -> bytes:
        """Wait up to `timeout` seconds (-1: the default, None: for ever) for bytes, as pexpect asks for them.

        Raises:
            pexpect.TIMEOUT: nothing came in time.
            pexpect.EOF: the stream has ended.
        """
        limit = self.timeout if timeout == -1 else timeout
        deadline = None if limit is None else time.monotonic() + max(limit, 0)
        with self._pushed:
            while not self._chunks:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise pexpect.TIMEOUT("nothing came in time")
                self._pushed.wait(left)
            data = self._chunks.popleft()
            if not data:
                self._chunks.append(data)
                self.flag_eof = True
                raise pexpect.EOF("the stream has ended")
            data, rest = data[:size], data[size:]
            if rest:
                self._chunks.appendleft(rest)
            self._size -= len(data)
        if self._before.tell() > _KEPT:
            # pexpect keeps everything before a match; of a flood it must not.
            self._before = io.BytesIO()
        return data
