"""Guards on requests: only for this host, and only from its own pages."""

from collections.abc import Awaitable, Callable, Collection

from aiohttp import web
from aiohttp.typedefs import Middleware

from runner.web.pages import message

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def require_host(hosts: Collection[str], otherwise: str) -> Middleware:
    """Reject requests whose Host, with its port unless it is the default, is not listed: 421 with the text `otherwise`.

    Protects against DNS rebinding: a foreign page whose name is made to resolve here would share this origin.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host.lower() not in hosts:
            return message(421, "Not here", otherwise)
        return await handler(request)

    return guard


def same_origin(request: web.Request, origin: str) -> bool:
    """True if a page of this origin sent the request: browsers name the origin in a header."""
    return request.headers.get("Origin", "").lower() == origin
