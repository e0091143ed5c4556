"""The class's door for ssh: `ssh NAME@host`, with the class's code or the learner's own word as the password."""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

import asyncssh

from runner.classroom.limits.failure_limit import FailureLimit
from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.people import Learner
from runner.classroom.live.roll import RefusedError, Roll
from runner.classroom.live.terminal import dismiss
from runner.errors import WorkshopError
from runner.language import tr
from runner.terminal.size import Size

_CHUNK = 1 << 16
_LOGIN_SECONDS = 60
_FAREWELL_SECONDS = 5.0
_LINGER_SECONDS = 1.0
"""Seconds that a connection stays open without a session: a client that wants no other closes it first."""
_LEARNER, _DOORS = "learner", "doors"
_RESTORED = b"\x1b[?1049l\x1b[?25h\x1b[?1000;1002;1003;1006;2004l\x1b[<u\x1b[0m"
"""Resets the terminal modes that the program in the box may have set: it cannot, once the connection is gone."""
_BELOW = b"\x1b[999;1H\r\n"
"""Moves to a new line at the bottom: around a terminal's cursor there may be older text."""


async def serve(
    listener: socket.socket, key: Path, live: LiveClass, roll: Roll, failures: FailureLimit
) -> asyncssh.SSHAcceptor:
    """Let learners in at a socket that listens already."""
    return await asyncssh.listen(
        sock=listener,
        server_factory=lambda: _Server(roll, failures),
        server_host_keys=[asyncssh.import_private_key(key.read_bytes())],
        process_factory=lambda process: _session(process, live),
        encoding=None,
        line_editor=False,
        allow_scp=False,
        agent_forwarding=False,
        kbdint_auth=False,
        public_key_auth=False,
        login_timeout=_LOGIN_SECONDS,
        keepalive_interval=15,
        server_version="workshop",
    )


class _Server(asyncssh.SSHServer):
    """A connection that allows password login and one kind of request: a session."""

    def __init__(self, roll: Roll, failures: FailureLimit) -> None:
        self._roll, self._failures = roll, failures
        self._connection: asyncssh.SSHServerConnection | None = None
        self._address = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._address = str((conn.get_extra_info("peername") or [""])[0])

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - the name counts with the password
        assert self._connection is not None
        self._connection.send_auth_banner(
            tr("The password is the code of the class or, to come back, your own word.") + "\r\n"
        )
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        assert self._connection is not None
        if (seconds := self._failures.wait(self._address)) > 0:
            self._connection.send_auth_banner(
                tr(
                    "Too many wrong codes came from your address. Wait {seconds} seconds.",
                    seconds=round(seconds),
                )
                + "\r\n"
            )
            return False
        try:
            learner, _ = self._roll.enter(username, password, secret=False)
        except RefusedError as error:
            if error.guessed:
                self._failures.failed(self._address)
            self._connection.send_auth_banner(f"{error} {error.remedy}\r\n")
            return False
        self._connection.set_extra_info(**{_LEARNER: learner, _DOORS: set()})
        return True


async def _session(process: "asyncssh.SSHServerProcess[bytes]", live: LiveClass) -> None:
    learner: Learner = process.get_extra_info(_LEARNER)
    door = _SshDoor(process, learner, live)
    if process.term_type is None:
        why = tr("The labs need a terminal: ssh -t NAME@HOST")
        await dismiss(door, why, seconds=_FAREWELL_SECONDS)
        return
    try:
        terminal = await live.sit(learner, door, _size(process))
    except WorkshopError as error:
        await dismiss(door, f"{error} {error.remedy}", seconds=_FAREWELL_SECONDS)
        return
    try:
        while not process.is_closing():
            try:
                data = await process.stdin.read(_CHUNK)
            except asyncssh.TerminalSizeChanged:
                if terminal.door is door:
                    terminal.resize(_size(process))
                continue
            except (asyncssh.BreakReceived, asyncssh.SignalReceived):
                continue
            if not data or terminal.door is not door:
                break
            await terminal.type(data)
    finally:
        terminal.detach(door)
        with suppress(OSError):
            process.exit(0)
        door.gone()


class _SshDoor:
    """A channel of a connection, which closes with its last channel: its learner may have been removed meanwhile."""

    kind = "ssh"

    def __init__(
        self, process: "asyncssh.SSHServerProcess[bytes]", learner: Learner, live: LiveClass
    ) -> None:
        self._process, self._learner, self._live = process, learner, live
        self._connection: asyncssh.SSHServerConnection = process.get_extra_info("connection")
        self._doors: set[_SshDoor] = process.get_extra_info(_DOORS)
        self._doors.add(self)

    async def show(self, data: bytes) -> None:
        await self._send(data)

    async def _send(self, data: bytes) -> None:
        try:
            self._process.stdout.write(data)
            await self._process.stdout.drain()
        except asyncssh.Error as error:
            # The library has errors of its own for a client that goes while it takes nothing.
            raise ConnectionError(str(error)) from error

    async def leave(self, why: str) -> None:
        again = tr("To come back: your name, and {word} for a password.", word=self._learner.word) + "\r\n"
        shown = f"{why}\r\n{again if self._live.roll.has(self._learner) else ''}"
        await self._send(_RESTORED + _BELOW + shown.encode())
        self._process.exit(0)
        self.gone()

    def drop(self) -> None:
        self.gone()
        self._process.channel.abort()

    def gone(self) -> None:
        """Note that the client has gone."""
        self._doors.discard(self)
        asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._hang_up)

    def _hang_up(self) -> None:
        if not self._doors:
            self._connection.close()


def _size(process: "asyncssh.SSHServerProcess[bytes]") -> Size:
    columns, rows, _, _ = process.term_size
    return Size.of(columns or 80, rows or 24)
