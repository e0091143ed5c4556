"""Serving an application at a socket: time limits for silent clients, and a log of the server's own failures."""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http import HttpProcessingError

from runner.pace import MACHINE

HANDSHAKE = 15.0
"""Seconds that a client has for the TLS handshake."""
SILENCE = 15.0
"""Seconds that a client then has to send a complete request, and each further one."""
_FAREWELL = 5.0
"""Seconds that a client has to close TLS."""


@asynccontextmanager
async def listening(
    app: web.Application,
    listener: socket.socket,
    *,
    tls: ssl.SSLContext | None = None,
    patience: float = 5.0,
) -> AsyncIterator[None]:
    """Serve `app` at a listening socket while the block runs; after it, requests have `patience` seconds to end."""
    silence = MACHINE.stretched(SILENCE)
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_logger(),
        shutdown_timeout=patience,
        keepalive_timeout=silence,
    )
    server: asyncio.Server | None = None
    try:
        await runner.setup()
        assert runner.server is not None
        server = await asyncio.get_running_loop().create_server(
            runner.server,
            sock=listener,
            ssl=tls,
            ssl_handshake_timeout=MACHINE.stretched(HANDSHAKE) if tls else None,
            ssl_shutdown_timeout=_FAREWELL if tls else None,
        )
        yield
    finally:
        if server is not None:
            server.close()
        await runner.cleanup()
        listener.close()


def _logger() -> logging.Logger:
    """A logger that drops clients' protocol errors."""
    logger = logging.getLogger(__name__)
    logger.addFilter(_is_ours)
    return logger


def _is_ours(record: logging.LogRecord) -> bool:
    return not isinstance((record.exc_info or [None] * 3)[1], HttpProcessingError)
