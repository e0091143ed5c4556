"""Running the server until it is told to stop."""

import asyncio
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from runner.errors import UsageError
from runner.serve.admission import Admission
from runner.serve.seats import Seats
from runner.serve.server import WorkshopServer
from runner.serve.session import PATIENCE

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(command: Sequence[str], *, host: str, port: int, sessions: int, folder: Path) -> None:
    """Serve sessions of `command` at `host` until a signal; learners' files are below `folder`.

    Raises:
        UsageError: the address cannot be used.
        KeyboardInterrupt: the signal came, and every session has ended.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot listen on {host} port {port}: {error}",
            remedy="choose another --port; 0, the default, takes a free one",
        ) from error
    with listener:
        asyncio.run(_serve(listener, host, command, sessions, folder))
    raise KeyboardInterrupt


async def _serve(
    listener: socket.socket, host: str, command: Sequence[str], sessions: int, folder: Path
) -> None:
    name = f"[{host}]" if ":" in host else host
    origin = f"http://{name}:{listener.getsockname()[1]}"

    def announce(token: str) -> None:
        print(f"{origin}/?token={token}", flush=True)

    admission = Admission(folder, announce)
    server = WorkshopServer(command, origin=origin, admission=admission, seats=Seats(sessions))
    runner = web.AppRunner(await server.application(), access_log=None, shutdown_timeout=PATIENCE + 5)
    told = asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    try:
        await runner.setup()
        await web.SockSite(runner, listener).start()
        print(
            "Open this address in a browser of this machine. It works once; then another one is printed.\n"
            "Ctrl-C ends the server and every session.",
            file=sys.stderr,
            flush=True,
        )
        admission.open()
        await told.wait()
    finally:
        await runner.cleanup()
