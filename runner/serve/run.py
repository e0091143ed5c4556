"""Running the server until a signal."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from runner.errors import UsageError, WorkshopError
from runner.folders import STATE_OVERRIDE as STATE
from runner.inherited_signals import is_ignored
from runner.pace import MACHINE
from runner.serve.admission import Admission
from runner.serve.seats import Seats
from runner.serve.server import WorkshopServer
from runner.serve.session import PATIENCE
from runner.web.listening import listening

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_GREETING = """\
Open this address in a browser of this machine. It works once; then another one is printed.
Ctrl-C ends the server and every session."""


def serve(command: Sequence[str], *, host: str, port: int, sessions: int, folder: Path) -> None:
    """Serve sessions of `command` until a signal, and print the addresses at which learners come in; end every session.

    Raises:
        UsageError: the address cannot be listened at.
        WorkshopError: `folder` cannot be written.
    """

    async def until_told() -> None:
        told = asyncio.Event()
        # A user who starts us with nohup wants us to outlive the terminal.
        for number in (number for number in _SIGNALS if not is_ignored(number)):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        async with serving(
            command, host=host, port=port, sessions=sessions, folder=folder, announce=_announce
        ):
            print(_GREETING, file=sys.stderr, flush=True)
            await told.wait()

    asyncio.run(until_told())


@asynccontextmanager
async def serving(
    command: Sequence[str],
    *,
    host: str,
    port: int,
    sessions: int,
    folder: Path,
    announce: Callable[[str], None],
) -> AsyncIterator[str]:
    """Serve at `host` while the block runs; yields the origin. Learners' files are below `folder`.

    `announce` is called with each address at which one more learner can come in.

    Raises:
        UsageError: the address cannot be listened at.
        WorkshopError: `folder` cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WorkshopError(
            f"cannot keep what learners do in {folder}: {error.strerror}",
            remedy=f"set {STATE} to a folder of yours with room",
        ) from error
    listener = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    origin = f"http://{name}:{listener.getsockname()[1]}"
    admission = Admission(folder, lambda token: announce(f"{origin}/?token={token}"))
    server = WorkshopServer(command, origin=origin, admission=admission, seats=Seats(sessions))
    async with listening(server.application(), listener, patience=MACHINE.stretched(PATIENCE) + 5):
        admission.open()
        yield origin


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot listen on {host} port {port}: {error}",
            remedy="choose another --port; 0, the default, takes a free one",
        ) from error


def _announce(address: str) -> None:
    print(address, flush=True)
