"""Reports a server's last activity to the Hub, which stops idle servers."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Mapping

import aiohttp

from runner.errors import UsageError

SECONDS = 60.0


async def report(environ: Mapping[str, str], active: Callable[[], float]) -> None:
    """Report at intervals, forever; `active` returns the time of the last activity, in seconds since the epoch.

    Raises:
        UsageError: the environment does not name the Hub.
    """
    try:
        address, token = environ["JUPYTERHUB_ACTIVITY_URL"], environ["JUPYTERHUB_API_TOKEN"]
    except KeyError as error:
        raise UsageError(f"{error} is not set", remedy="have JupyterHub start this program") from error
    server = environ.get("JUPYTERHUB_SERVER_NAME", "")
    said = 0.0
    timeout = aiohttp.ClientTimeout(total=SECONDS / 2)
    async with aiohttp.ClientSession(headers={"Authorization": f"token {token}"}, timeout=timeout) as session:
        while True:
            if (last := active()) > said:
                when = dt.datetime.fromtimestamp(last, dt.UTC).isoformat()
                content = {"servers": {server: {"last_activity": when}}, "last_activity": when}
                try:
                    async with session.post(address, json=content) as answer:
                        answer.raise_for_status()
                    said = last
                except (aiohttp.ClientError, TimeoutError) as error:
                    logging.getLogger(__name__).warning("the Hub rejected the report: %s", error)
            await asyncio.sleep(SECONDS)
