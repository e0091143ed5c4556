"""The channel between a learner's app and the class: lines of JSON, at a separate socket for each learner."""

import asyncio
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from runner.classroom.limits.allowance import Allowance
from runner.classroom.line import MOST_UNREAD, Line
from runner.errors import WorkshopError
from runner.record.notice import Notice
from runner.record.wire import LONGEST_LINE, BadLineError, encode_notice

_MOST_BAD = 10


class AppConnection:
    """One connection of an app. `take` gets each line and returns the answers; `trouble` is told each fault.

    The `allowance` of lines is shared by all connections of a learner.
    """

    def __init__(
        self,
        line: Line,
        *,
        allowance: Allowance,
        take: Callable[[bytes], tuple[Notice, ...]],
        trouble: Callable[[str], None],
    ) -> None:
        self._line, self._allowance = line, allowance
        self._take, self._trouble = take, trouble

    async def run(self) -> None:
        """Read the connection until it ends, or sends too many bad lines."""
        bad = 0
        try:
            while bad < _MOST_BAD and (line := await self._line.read()):
                await self._allowance.take()
                try:
                    for notice in self._take(line):
                        self.tell(notice)
                except BadLineError as error:
                    bad += 1
                    self._trouble(f"the app says what it may not: {error}")
        except ValueError:
            self._trouble("the app sent an invalid line")
        except WorkshopError as error:
            # The app reconnects, and sends again the lines that were not taken in.
            self._trouble(str(error))
        except (OSError, asyncio.CancelledError):
            # The connection is lost, or the gateway ends, which cancels all of its tasks.
            pass
        finally:
            self.close()

    def tell(self, notice: Notice) -> None:
        """Send a notice to the app; an app that reads nothing is disconnected."""
        if self._line.unread > MOST_UNREAD:
            self.close()
        else:
            self._line.write(encode_notice(notice))

    def close(self) -> None:
        """Close the connection."""
        self._line.close()


Hear = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


async def listen(path: Path, hear: Hear) -> asyncio.Server:
    """Listen for the app of the box that sees this socket."""
    with suppress(FileNotFoundError):
        path.unlink()
    server = await asyncio.start_unix_server(hear, path, limit=LONGEST_LINE)
    # The box's root has no access here, and no other box sees the folder.
    path.chmod(0o666)
    return server


async def listen_at(listener: socket.socket, hear: Hear) -> asyncio.Server:
    """Listen at a socket that others have made, in a folder that may be closed to this user."""
    # From Python 3.13 on, asyncio would remove the socket in the end, and looks at its path for that.
    options: dict[str, Any] = {"cleanup_socket": False} if sys.version_info >= (3, 13) else {}
    return await asyncio.start_unix_server(hear, sock=listener, limit=LONGEST_LINE, **options)
