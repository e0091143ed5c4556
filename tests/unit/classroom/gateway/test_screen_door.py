"""Access to the instructor's screen in a browser, and the screen's end."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from runner.classroom.gateway.web import WebDoor
from runner.classroom.limits.failure_limit import FailureLimit
from tests.unit.classroom.gateway import small_screen
from tests.unit.classroom.live_class import CODE, INSTRUCTOR, Held, holding
from tests.waiting import closed, shows

HOST = "class.example"
SCREEN = (small_screen.__name__, "A class")


class Browser:
    """A browser with a person's cookie, or with none."""

    def __init__(self, client: TestClient, secret: str) -> None:
        self._client = client
        self._headers = {"Host": HOST} | ({"Authorization": f"Bearer {secret}"} if secret else {})

    async def get(self, path: str) -> tuple[int, str]:
        answer = await self._client.get(path, headers=self._headers)
        return answer.status, await answer.text()

    async def terminal(
        self, origin: str = f"https://{HOST}", page: str = "one"
    ) -> aiohttp.ClientWebSocketResponse:
        path = f"/screen/ws/{page}?width=90&height=20"
        return await self._client.ws_connect(path, headers=self._headers, origin=origin)


@asynccontextmanager
async def opened(folder: Path, screen: tuple[str, ...] = SCREEN) -> AsyncIterator[tuple[Held, list[Browser]]]:
    """A class, and the browsers of its instructor, of Ada and of a stranger."""
    async with holding(folder) as held:
        app = WebDoor(
            held.live, held.live.roll, hosts=[HOST], failures=FailureLimit(10, 60.0), screen=screen
        ).application()
        async with TestClient(TestServer(app)) as client:
            secrets = [
                held.live.roll.enter("x", INSTRUCTOR)[1],
                held.live.roll.enter("Ada", ada_word(held))[1],
            ]
            yield held, [Browser(client, secret) for secret in (*secrets, "")]


def ada_word(held: Held) -> str:
    found = held.live.roll.named("Ada")
    return CODE if found is None else found.word


async def test_the_screen_is_the_instructors_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, (instructor, ada, stranger)):
        for path in ("/screen", "/screen/ws/one", "/screen/state/one", "/screen/"):
            assert (await stranger.get(path))[0] == 403, path
            status, page = await ada.get(path)
            assert (status, "Join with the instructor" in page or path == "/screen/ws/one") == (403, True), (
                path
            )
        status, page = await instructor.get("/screen")
        assert (status, f"wss://{HOST}/screen/ws/" in page) == (200, True)
        assert '<a href="/screen">' in (await instructor.get("/"))[1]
        assert "/screen" not in (await ada.get("/"))[1]
        for browser in (ada, stranger):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await browser.terminal()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await instructor.terminal("https://evil.example")


async def test_each_browser_has_a_screen_that_ends_with_it(tmp_path: Path) -> None:
    """One that is left says so once; the oldest gives way to a fifth."""
    async with opened(tmp_path) as (held, (instructor, *_)):
        first = await instructor.terminal()
        await shows(first, "90x20 A class")
        await first.send_json(["resize", {"width": 100, "height": 30}])
        await shows(first, "100x30 A class")
        await first.send_json(["stdin", "q\r"])
        await closed(first)
        assert '"message": ""' in (await instructor.get("/screen/state/another"))[1]
        assert "You have left" in (await instructor.get("/screen/state/one"))[1]
        assert '"message": ""' in (await instructor.get("/screen/state/one"))[1]

        several = [await instructor.terminal() for _ in range(4)]
        for one in several:
            await shows(one, "90x20 A class")
        fifth = await instructor.terminal()
        await shows(fifth, "90x20 A class")
        await closed(several[0])
        held.live.ended.set()
        assert "The class is over" in (await instructor.get("/screen/state/one"))[1]


async def test_each_page_has_a_name_of_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, (instructor, *_others)):
        found = [
            re.search(
                r"/screen/ws/(\w+).*/screen/state/(\w+)", (await instructor.get("/screen"))[1], re.DOTALL
            )
            for _ in range(2)
        ]
        (first, state), (second, _) = (match.groups() for match in found if match is not None)
        assert first == state != second


async def test_a_class_without_a_screen(tmp_path: Path) -> None:
    async with opened(tmp_path, ()) as (_, (instructor, *_)):
        assert (await instructor.get("/screen"))[0] == 404
        assert "/screen" not in (await instructor.get("/"))[1]
