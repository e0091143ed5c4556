"""A class's side of an app's connection."""

from runner.classroom.limits.allowance import Allowance
from runner.classroom.live.channel import AppConnection
from runner.errors import WorkshopError
from runner.record.notice import Notice


class Said:
    """A line on which an app has said something."""

    unread = 0

    def __init__(self, *lines: bytes) -> None:
        self.left = list(lines)
        self.closed = False

    async def read(self) -> bytes:
        return self.left.pop(0) if self.left else b""

    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        self.closed = True


async def test_a_store_error_ends_the_connection_and_is_reported() -> None:
    """The app reconnects, and sends again the lines that were not taken in."""
    line, troubles = Said(b"one", b"two"), []

    def refuse(_line: bytes) -> tuple[Notice, ...]:
        raise WorkshopError("the record cannot be changed")

    await AppConnection(line, allowance=Allowance(1000, 1000), take=refuse, trouble=troubles.append).run()
    assert line.closed
    assert line.left == [b"two"]
    assert troubles == ["the record cannot be changed"]
