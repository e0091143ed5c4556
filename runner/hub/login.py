"""OAuth login at JupyterHub, with periodic re-checks."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import ClientError, web
from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError

from runner.errors import WorkshopError
from runner.hub.settings import HubSettings
from runner.language import tr
from runner.web.guard import Handler
from runner.web.pages import message

CALLBACK = "oauth_callback"
_STATE_SECONDS = 600
_CACHED_SECONDS = 60
_MOST_SESSIONS = 1000
"""The largest number of logged-in browsers; the oldest must log in at the Hub again."""
_HUB_SESSION = "jupyterhub-session-id"
"""The Hub's own cookie, which changes when a person logs out there."""
USER: web.RequestKey[str] = web.RequestKey("user", str)
_NO_ANSWER = (
    HTTPError,
    ClientError,  # a reply that is cut off
    OSError,
    ValueError,  # a reply that is no JSON, such as a proxy's page
    LookupError,
    TypeError,
    AttributeError,  # JupyterHub's client stumbles over a status that has no name, such as 520
)
"""The errors of JupyterHub's client for a missing or unusable answer of the Hub."""


class HubUnavailableError(WorkshopError):
    """The Hub gives no answer, or an unusable one."""


def hub_oauth() -> HubOAuth:
    """The OAuth client, configured from the Hub's environment; replies are cached for a minute."""
    return HubOAuth(cache_max_age=_CACHED_SECONDS)


class Login:
    """Lets in people with one of the scopes that the Hub named for this server, if `admits` accepts their name.

    A browser is identified by the secret in a cookie; the token behind it never leaves this process.
    """

    def __init__(
        self,
        oauth: HubOAuth,
        settings: HubSettings,
        *,
        admits: Callable[[str], bool],
        refusal: str,
    ) -> None:
        self._oauth, self._settings = oauth, settings
        self._admits, self._refusal = admits, refusal
        self._tokens: dict[str, str] = {}

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Serve only people who are let in; a request for the page by anyone else is redirected to the Hub."""
        prefix = self._settings.prefix
        if request.path == f"{prefix}{CALLBACK}":
            return await self._called_back(request)
        try:
            user = await self.user(request)
        except HubUnavailableError:
            return message(
                503,
                tr("The Hub does not answer"),
                tr("Nobody can be let in now. Try again in a moment."),
            )
        if user is not None and self._may(user):
            request[USER] = str(user["name"])
            return await handler(request)
        if user is None and request.method == "GET" and request.path == prefix:
            return self._to_the_hub()
        return message(403, tr("Not for you"), self._refusal)

    @property
    def hub(self) -> str:
        """The path or address of the Hub's own pages."""
        return f"{self._oauth.hub_host}{self._oauth.hub_prefix}"

    async def user(self, request: web.Request, *, fresh: bool = False) -> Mapping[str, Any] | None:
        """The Hub's record of the person behind a request, asked anew if `fresh`, else cached; None if it knows none.

        Raises:
            HubUnavailableError: the Hub does not answer.
        """
        token = self._tokens.get(request.cookies.get(self._cookie, ""))
        if token is None:
            return None
        session = request.cookies.get(_HUB_SESSION, "")
        found = await _answer(
            self._oauth.user_for_token(token, session_id=session, use_cache=not fresh, sync=False)
        )
        if found is not None and not (isinstance(found, Mapping) and "name" in found):
            raise HubUnavailableError("the Hub does not say who that is")
        return cast("Mapping[str, Any] | None", found)

    async def still_admits(self, request: web.Request) -> bool:
        """True if the person behind a request may stay: they may have logged out, or lost access.

        True also while the Hub does not answer: a restart of the Hub ends no sessions.
        """
        try:
            user = await self.user(request, fresh=True)
        except HubUnavailableError:
            return True
        return user is not None and self._may(user)

    def _may(self, user: Mapping[str, Any]) -> bool:
        scopes = self._oauth.check_scopes(self._oauth.access_scopes, user)
        return bool(scopes) and self._admits(str(user["name"]))

    @property
    def _cookie(self) -> str:
        return str(self._oauth.cookie_name)

    def _to_the_hub(self) -> web.Response:
        verifier, challenge, method = self._oauth.generate_pkce_code_challenge()
        state = self._oauth.generate_state(self._settings.prefix, code_verifier=verifier)
        asked = {"state": state, "code_challenge": challenge, "code_challenge_method": method}
        response = web.Response(
            status=302, headers={"Location": f"{self._oauth.login_url}&{urlencode(asked)}"}
        )
        self._set(response, self._oauth.state_cookie_name, state, seconds=_STATE_SECONDS)
        return response

    async def _called_back(self, request: web.Request) -> web.StreamResponse:
        state = request.query.get("state", "")
        cookie = request.cookies.get(self._oauth.state_cookie_name, "")
        verifier = self._oauth.get_code_verifier(state)
        if not state or not secrets.compare_digest(state.encode(), cookie.encode()) or verifier is None:
            return message(
                403,
                tr("Not from here"),
                tr("The Hub was not asked from this browser. Open the page again."),
            )
        self._oauth.clear_oauth_state(state)
        try:
            token = await _answer(
                self._oauth.token_for_code(request.query.get("code", ""), code_verifier=verifier, sync=False)
            )
        except HubUnavailableError as error:
            return message(403, tr("Not let in"), tr("The Hub does not let you in: {why}", why=error))
        response = web.Response(status=302, headers={"Location": self._settings.prefix})
        self._set(response, self._cookie, self._secret(token))
        response.del_cookie(self._oauth.state_cookie_name, path=self._oauth.cookie_path)
        return response

    def _secret(self, token: str) -> str:
        while len(self._tokens) >= _MOST_SESSIONS:
            del self._tokens[next(iter(self._tokens))]
        secret = secrets.token_urlsafe(32)
        self._tokens[secret] = token
        return secret

    def _set(self, response: web.Response, name: str, value: str, *, seconds: int | None = None) -> None:
        # Not strict: the Hub's own page sends the browser here.
        response.set_cookie(
            name,
            value,
            path=self._oauth.cookie_path,
            max_age=seconds,
            secure=self._settings.secure,
            httponly=True,
            samesite="Lax",
        )


async def _answer(asked: Awaitable[Any]) -> Any:
    """The Hub's answer to a question.

    Raises:
        HubUnavailableError: there is none that can be used.
    """
    try:
        return await asked
    except _NO_ANSWER as error:
        raise HubUnavailableError(str(error) or type(error).__name__) from error
