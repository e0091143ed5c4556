"""Messages to a page in a browser."""

from runner.classroom.browser import BrowserDoor


class Socket:
    """A connection that keeps why it was closed."""

    said = b""

    async def close(self, *, message: bytes) -> None:
        self.said = message


async def test_a_long_reason_ends_with_a_whole_letter() -> None:
    for before in range(4):
        socket = Socket()
        await BrowserDoor(socket, None).leave("x" * before + "añ…" * 50)  # type: ignore[arg-type]
        assert socket.said.decode()
        assert 117 <= len(socket.said) <= 120
