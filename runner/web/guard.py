"""A guard on requests: only for this host, and only from its own pages."""

from collections.abc import Awaitable, Callable, Collection

from aiohttp import web
from aiohttp.typedefs import Middleware

from runner.web.pages import message

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def only_for(hosts: Collection[str], otherwise: str) -> Middleware:
    """Answer requests for a host that is none of these, each with its port if it is not the usual, with a text.

    Another site's page, whose name is made to lead here, would be of one origin with this one.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host.lower() not in hosts:
            return message(421, "Not here", otherwise)
        return await handler(request)

    return guard


def is_from(request: web.Request, origin: str) -> bool:
    """Whether a page of this origin asks: browsers say which one does."""
    return request.headers.get("Origin", "").lower() == origin
