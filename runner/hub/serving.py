"""Running a server that the Hub has started, from its socket to its end."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from runner.errors import UsageError, WorkshopError
from runner.hub.settings import HubSettings
from runner.web.listening import listening


@asynccontextmanager
async def served(app: web.Application, settings: HubSettings) -> AsyncIterator[None]:
    """Serve at the address that the proxy uses, while the block runs.

    Raises:
        UsageError: the address cannot be listened at.
    """
    host, port = settings.listen
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {host} port {port}: {error}", remedy="see the Hub's log"
        ) from error
    async with listening(app, listener):
        yield


def until_told() -> asyncio.Event:
    """An event that is set when SIGTERM or SIGINT, with which the Hub ends a server, arrives."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told


def run_program(run: Callable[[Mapping[str, str]], Coroutine[Any, Any, None]]) -> None:
    """Run a server as a separate program."""
    logging.basicConfig(stream=sys.stderr)
    try:
        asyncio.run(run(os.environ))
    except WorkshopError as error:
        print(error.in_full(), file=sys.stderr)
        sys.exit(2)
