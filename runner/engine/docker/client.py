"""The SDK's client with a time limit on every request, and raw connections taken over from HTTP."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from docker import APIClient
from docker.errors import APIError, DockerException, create_api_error_from_http_exception
from docker.transport import UnixHTTPAdapter
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.exceptions import HTTPError, RequestException, Timeout
from urllib3.exceptions import HTTPError as TransportError

from runner.engine.api import EngineTimeout, EngineUnavailable
from runner.engine.contexts import Certificates
from runner.engine.docker.configuration import check_configuration
from runner.engine.docker.sockets import SocketAdapter
from runner.engine.docker.streams import Hijacked
from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE

CALL_SECONDS = 30.0
"""The time limit, in seconds, for an ordinary request on a usual machine."""
_CONNECT_SECONDS = 5.0
_UPGRADE = {"Connection": "Upgrade", "Upgrade": "tcp"}


class Client(APIClient):
    """An API client for one endpoint; `within` sets another limit for the requests of one thread.

    No request is sent if another engine has taken the endpoint: `same` returns false then.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        tls: Certificates | None = None,
        version: str = "auto",
        same: Callable[[], bool] = lambda: True,
    ) -> None:
        self._limits = threading.local()
        self.tls = tls
        self._same = same
        self.endpoint = endpoint
        check_configuration()
        # The base class asks for the server's version here, so the limits must be set before.
        try:
            super().__init__(
                base_url=endpoint,
                version=version,
                tls=tls.configuration() if tls else False,
                timeout=int(CALL_SECONDS),
            )
        except BaseException:
            self.close()
            raise
        # A socket needs neither proxies nor ~/.netrc, which would be read at each request.
        self.trust_env = not endpoint.startswith(("unix:", "npipe:"))

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:
        """Use an adapter for URLs that begin with `prefix`; ours replaces the SDK's adapter for sockets."""
        if type(adapter) is UnixHTTPAdapter:
            adapter = SocketAdapter(f"http+unix://{adapter.socket_path}", adapter.timeout)
        super().mount(prefix, adapter)

    def another(self) -> "Client":
        """Open a separate connection to the same endpoint, for another thread."""
        return Client(self.endpoint, tls=self.tls, version=self.api_version, same=self._same)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Limit requests of this thread in the block to `seconds`."""
        before = getattr(self._limits, "seconds", None)
        self._limits.seconds = max(seconds, 0.001)
        try:
            yield
        finally:
            self._limits.seconds = before

    @property
    def _limit(self) -> float:
        chosen: float | None = getattr(self._limits, "seconds", None)
        return MACHINE.stretched(CALL_SECONDS) if chosen is None else chosen

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        """Send with this thread's limit: the SDK itself sets none for `wait` and `attach`."""
        if not self._same():
            raise ConnectionError("it has been stopped")
        limit = self._limit
        kwargs["timeout"] = (min(MACHINE.stretched(_CONNECT_SECONDS), limit), limit)
        return super().send(request, **kwargs)

    def hijack(
        self, path: str, *, params: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Hijacked:
        """Request a raw stream (attach, exec) and take the connection over.

        The SDK's own calls read the socket beneath the buffered reader, losing data that came with the headers.
        """
        url = f"{self.base_url}/v{self.api_version}{path}"
        response = self.post(url, params=dict(params or {}), json=body, headers=_UPGRADE, stream=True)
        try:
            response.raise_for_status()
        except HTTPError as error:
            with response:  # whose text becomes the error's
                raise create_api_error_from_http_exception(error) from error
        # Neither requests nor urllib3 has a public way to the socket.
        reader: Any = response.raw._fp.fp  # type: ignore[union-attr]  # noqa: SLF001
        return Hijacked(reader, reader.raw._sock, response)  # noqa: SLF001


@contextmanager
def engine_errors(doing: str, endpoint: str) -> Iterator[None]:
    """Convert exceptions of the SDK and its libraries to this package's errors; `doing` begins the message."""
    try:
        yield
    except EngineError:
        raise
    except APIError as error:
        raise EngineError(f"{doing}: {explanation(error)}") from error
    except Timeout as error:
        raise EngineTimeout(
            tr("{doing}: the engine at {endpoint} did not answer in time", doing=doing, endpoint=endpoint),
            remedy=tr("run `workshop doctor`; if the engine is overloaded, try again with fewer jobs"),
        ) from error
    except (DockerException, RequestException, TransportError, OSError) as error:
        raise unavailable(doing, endpoint, error) from error


def unavailable(doing: str, endpoint: str, error: Exception) -> EngineUnavailable:
    """An error for an engine that cannot be reached or went away."""
    return EngineUnavailable(
        tr(
            "{doing}: the engine at {endpoint} cannot be reached ({reason})",
            doing=doing,
            endpoint=endpoint,
            reason=_innermost(error),
        ),
        remedy=tr("run `workshop doctor` to see which engines there are and why each is used or not"),
    )


def explanation(error: APIError) -> str:
    """The engine's own words."""
    said = error.explanation
    return (said.decode(errors="replace") if isinstance(said, bytes) else str(said or error)).strip()


def _innermost(error: BaseException) -> str:
    seen: BaseException = error
    while (below := seen.__cause__ or seen.__context__) is not None:
        seen = below
    return str(seen) or type(seen).__name__
