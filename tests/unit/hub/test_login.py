"""Admission by a Hub's answers; a small server stands in for the Hub."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from jupyterhub.services.auth import HubOAuth

from runner.hub.door import HubDoor
from runner.hub.login import USER, Login
from runner.hub.settings import HubSettings
from tests.unit.classroom.live_class import FakeDoor
from tests.waiting import until

PREFIX = "/user/ada/"
HOST = "workshop.example"
SCOPE = "access:servers!server=ada/"


@dataclass
class FakeHub:
    """Gives a token for each code, and says whose it is."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/hub/api/oauth2/token", self._token), web.get("/hub/api/user", self._user)])
        return app

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        assert form["code_verifier"]
        self.asked.append(str(form["code"]))
        if form["code"] not in self.users:
            return web.json_response({"message": "no such code"}, status=403)
        return web.json_response({"access_token": form["code"]})

    async def _user(self, request: web.Request) -> web.StreamResponse:
        if self.broken is not None:
            return await self.broken(request)
        found = self.users.get(request.headers["Authorization"].split()[-1])
        return web.json_response(found or {}, status=200 if found else 403)


class Door(HubDoor):
    meanwhile: ClassVar[Callable[[], None]] = staticmethod(lambda: None)

    def routes(self) -> list[web.AbstractRouteDef]:
        async def page(request: web.Request) -> web.Response:
            return web.Response(text=f"for {request[USER]}")

        async def stay(request: web.Request) -> web.Response:
            self.meanwhile()
            return web.Response(text=f"may stay: {await self._login.still_admits(request)}")

        own = [web.get(PREFIX, page), web.get(f"{PREFIX}stay", stay)]
        return [*own, web.post(f"{PREFIX}again", page), web.get(f"{PREFIX}ws", page)]


@dataclass
class Browser:
    """Keeps cookies, like the browser of a person who has opened the public address."""

    session: aiohttp.ClientSession
    address: str

    async def ask(self, path: str, method: str = "GET", host: str = HOST, **headers: str) -> tuple[int, str]:
        """The status, and where it leads or what it says."""
        headers = {"Host": host, **headers}
        async with self.session.request(
            method, self.address + path, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()

    async def come_back(self, code: str) -> tuple[int, str]:
        """Go to the page, and come back from the Hub with a code."""
        status, location = await self.ask(PREFIX)
        assert status == 302, location
        state = parse_qs(urlsplit(location).query)["state"][0]
        return await self.ask(f"{PREFIX}oauth_callback?code={code}&state={state}")


def known(name: str, *scopes: str) -> dict[str, Any]:
    return {"name": name, "kind": "user", "scopes": list(scopes)}


@asynccontextmanager
async def served(hub: FakeHub) -> AsyncIterator[tuple[Browser, Browser, HubOAuth]]:
    """A server of Ada's, and two browsers."""
    settings = HubSettings(PREFIX, f"https://{HOST}/", ("127.0.0.1", 0), "record")
    async with TestServer(hub.application()) as behind:
        oauth = HubOAuth(
            base_url=PREFIX,
            api_url=str(behind.make_url("/hub/api")),
            api_token="token",  # noqa: S106 - of the fake
            oauth_client_id="jupyterhub-user-ada",
            cache_max_age=3600,
            access_scopes={SCOPE},
        )
        login = Login(oauth, settings, admits=lambda name: name == "ada", refusal="It is for Ada.")
        async with TestServer(Door(settings, login).application()) as server:
            address = str(server.make_url("")).rstrip("/")
            # A proxy that speaks TLS is before it.
            one, other = (
                aiohttp.ClientSession(
                    cookie_jar=aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[address])
                )
                for _ in range(2)
            )
            async with one, other:
                yield Browser(one, address), Browser(other, address), oauth


async def test_a_learner_comes_by_the_hub_and_is_known_from_then_on() -> None:
    async with served(FakeHub({"c": known("ada", SCOPE)})) as (ada, _, _oauth):
        status, location = await ada.ask(PREFIX)
        assert status == 302
        assert urlsplit(location).path == "/hub/api/oauth2/authorize"
        assert await ada.come_back("c") == (302, PREFIX)
        assert await ada.ask(PREFIX) == (200, "for ada")


@pytest.mark.parametrize(
    "user",
    [known("bob", SCOPE), known("ada"), known("ada", "access:servers!server=bob/"), known("root", SCOPE)],
)
async def test_other_users_of_the_hub_are_refused(user: dict[str, Any]) -> None:
    async with served(FakeHub({"c": user})) as (browser, _, _oauth):
        assert (await browser.come_back("c"))[0] == 302
        for path in (PREFIX, f"{PREFIX}static/js/textual.js"):
            status, text = await browser.ask(path)
            assert (status, "It is for Ada." in text) == (403, True), path


async def test_a_code_counts_in_the_browser_that_asked_alone() -> None:
    """Otherwise an attacker could log another person's browser in as themselves."""
    hub = FakeHub({"c": known("ada", SCOPE)})
    async with served(hub) as (ada, mallory, _oauth):
        _, location = await mallory.ask(PREFIX)
        state = parse_qs(urlsplit(location).query)["state"][0]
        for asked in (f"?code=c&state={state}", "?code=c&state=", "?code=c", "?code=c&state=invented"):
            assert (await ada.ask(f"{PREFIX}oauth_callback{asked}"))[0] == 403
        assert not hub.asked
        assert (await ada.come_back("wrong"))[0] == 403


async def test_requests_count_from_pages_of_the_public_address_alone() -> None:
    async with served(FakeHub({"c": known("ada", SCOPE)})) as (ada, _, _oauth):
        await ada.come_back("c")
        assert (await ada.ask(PREFIX, host="evil.example"))[0] == 421
        for path, method in ((f"{PREFIX}again", "POST"), (f"{PREFIX}ws", "GET")):
            assert await ada.ask(path, method, Origin=f"https://{HOST}") == (200, "for ada")
            for origin in ("https://evil.example", f"http://{HOST}", "null"):
                assert (await ada.ask(path, method, Origin=origin))[0] == 403
            assert (await ada.ask(path, method))[0] == 403


async def test_one_whom_the_hub_shuts_out_is_known_no_more() -> None:
    hub = FakeHub({"c": known("ada", SCOPE)})
    async with served(hub) as (ada, _, oauth):
        await ada.come_back("c")
        assert (await ada.ask(PREFIX))[0] == 200
        hub.users.clear()
        oauth.cache.clear()
        assert (await ada.ask(PREFIX))[0] == 302
        assert (await ada.ask(f"{PREFIX}again", "POST", Origin=f"https://{HOST}"))[0] == 403


async def _is_down(_: web.Request) -> web.StreamResponse:
    return web.Response(status=503)


async def _says_it_in_no_way_known(_: web.Request) -> web.StreamResponse:
    return web.Response(status=520)


async def _is_behind_a_page(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>One moment …</html>")


async def _names_nobody(_: web.Request) -> web.StreamResponse:
    return web.json_response({})


async def _is_cut_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"name": ')
    assert request.transport is not None
    request.transport.close()
    return response


@pytest.mark.parametrize(
    "broken", [_is_down, _says_it_in_no_way_known, _is_behind_a_page, _names_nobody, _is_cut_off]
)
async def test_a_silent_hub_admits_nobody_and_ends_no_session(
    monkeypatch: pytest.MonkeyPatch, broken: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> None:
    """Access is checked again and again: an unanswered check must not be the last."""
    hub = FakeHub({"c": known("ada", SCOPE)})
    async with served(hub) as (ada, _, oauth):
        await ada.come_back("c")

        def goes() -> None:
            hub.broken = broken
            oauth.cache.clear()

        monkeypatch.setattr(Door, "meanwhile", staticmethod(goes))
        assert await ada.ask(f"{PREFIX}stay") == (200, "may stay: True")
        status, text = await ada.ask(PREFIX)
        assert (status, "The Hub does not answer" in text) == (503, True)

        hub.broken = None
        oauth.cache.clear()
        # What the Hub has said before does not count here.
        monkeypatch.setattr(Door, "meanwhile", staticmethod(hub.users.clear))
        assert await ada.ask(f"{PREFIX}stay") == (200, "may stay: False")


class Watcher:
    """A login whose check itself fails."""

    async def still_admits(self, _: object) -> bool:
        raise RuntimeError("a fault")


async def test_a_connection_that_cannot_be_checked_any_more_is_closed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = HubSettings(PREFIX, f"https://{HOST}/", ("127.0.0.1", 0), "record")
    door, connection = Door(settings, Watcher()), FakeDoor()  # type: ignore[arg-type]
    async with door.watched(None, connection):  # type: ignore[arg-type]
        await until(lambda: connection.dropped)
    assert "a fault" in caplog.text


async def test_cookies_are_for_this_server_alone_and_for_no_script() -> None:
    async with served(FakeHub({"c": known("ada", SCOPE)})) as (ada, _, _oauth):
        await ada.come_back("c")
        cookies = list(ada.session.cookie_jar)
        assert cookies
        for cookie in cookies:
            assert (cookie["path"], cookie["samesite"]) == (PREFIX, "Lax")
            assert cookie["httponly"]
            assert cookie["secure"]
        assert not any(cookie.value == "c" for cookie in cookies)
