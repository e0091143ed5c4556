"""A class behind JupyterHub: admission, the screens, and the records of the learners' work."""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path

import aiohttp
import pytest

from runner.hub.board_control import BoardControl
from runner.record.event import Event, Happening, MirrorAgreed, StepEntered
from runner.record.opening import open_board, open_store
from runner.record.store import EventStore
from runner.record.wire import Hello, Sent, encode
from runner.teaching.control import EndClass, Person, Remove, Watch
from tests.hub.proxied import ADMIN, PROXY, Client, Hub, client, running
from tests.serve.browser import CHROMIUM, Browser, Tab, headless
from tests.unit.record.database import needs_server
from tests.unit.record.database import running as database
from tests.waiting import patience, shows, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    needs_server,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root starts boxes"),
    pytest.mark.skipif("WORKSHOP_TEST_ENGINE" in os.environ, reason="a box has an engine of its own"),
    pytest.mark.skipif(PROXY is None, reason="no proxy: `npm install configurable-http-proxy` brings it"),
]
DASHBOARD = "/services/dashboard/"


def event(happening: Happening, step: str) -> Event:
    return Event(learner="", workshop="w", lab="l", step=step, time=time.time(), happening=happening)


def told(*lines: bytes, stay: bool = False) -> str:
    """A command that makes the program in a box send these lines to the class, and perhaps stay connected."""
    return (
        ("stay " if stay else "tell ")
        + b"".join(lines).decode().replace("\\", "\\\\").replace("\n", "\\n")
        + "\r"
    )


async def until_known(store: EventStore, learner: str, steps: list[str]) -> None:
    """Wait until the learner has entered these steps, as the store knows, each once."""
    entered: list[str] = []
    async with patience():
        while len(entered) < len(steps):
            found = await asyncio.to_thread(store.events, learner)
            entered = [one.step for one in found if isinstance(one.happening, StepEntered)]
            await asyncio.sleep(0.05)
    assert entered == steps


async def learner_in(browser: Browser, hub: Hub, name: str) -> Tab:
    """A browser in which a learner has logged in, and sees the terminal of their box."""
    tab = await browser.tab(f"{hub.origin}/hub/login", profile=await browser.profile())
    await tab.says("Username")
    await tab.evaluate(hub.filled_in(name))
    await tab.shows("painted")
    return tab


async def refused(hub: Hub, someone: Client, *paths: str) -> None:
    """None of these pages, and of their connections, is for them."""
    for path in paths:
        _, page = await someone.get(path)
        assert "textual-terminal" not in page, path
        assert await someone.connect(f"{path}ws") == 403, path
        assert (await someone.get(f"{path}state"))[0] in {403, 404}, path
        assert await someone.post(f"{path}again", hub.origin) in {403, 404}, path


async def instructed(control: BoardControl, tabs: Sequence[Tab]) -> None:
    """Ada is watched, Cy is taken out of the class, and the class ends."""
    ada, _, cy = tabs

    def person(name: str) -> Person | None:
        return next((one for one in control.status().people if one.name == name), None)

    def seen() -> str:
        frame = control.mirrored()
        return "".join(run.text for row in frame.rows for run in row.runs) if frame is not None else ""

    agreed = encode(Sent(1, event(MirrorAgreed(agreed=True), "")))
    await ada.press(*told(encode(Hello("a", time.time())), agreed, stay=True).rstrip("\r"), "Enter")
    await until(lambda: (found := person("ada")) and found.mirror)
    control.give(Watch("ada"))
    # What was shown before is painted anew.
    await until(lambda: "painted" in seen())
    await ada.press(*"I am seen", "Enter")
    await until(lambda: "got I am seen" in seen())
    control.give(Watch(""))
    control.give(Remove("cy"))
    await cy.says("taken you out of the class")
    await until(lambda: person("cy") is None)
    control.give(EndClass("Bye for now."))
    await ada.says("Bye for now.")
    await until(lambda: not any(one.connected for one in control.status().people))


async def test_a_class_behind_jupyterhub(tmp_path: Path) -> None:
    """Three browsers at once, strangers and fellow learners, the dashboard, and a database that dies in between."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(database())
        store = stack.enter_context(closing(open_store(server.url)))
        hub = await stack.enter_async_context(running(tmp_path, server.url))
        browser = await stack.enter_async_context(headless(tmp_path / "chromium"))
        names = ("ada", "bob", "cy")
        tabs = await asyncio.gather(*(learner_in(browser, hub, name) for name in names))
        for name, tab in zip(names, tabs, strict=True):
            await tab.press(*f"I am {name}", "Enter")
        for name, tab in zip(names, tabs, strict=True):
            assert f"got I am {name}" in await tab.shows(f"got I am {name}")
            assert not tab.faults

        stranger, bob, grace, root = [await stack.enter_async_context(client(hub)) for _ in range(4)]
        await refused(hub, stranger, "/user/ada/", DASHBOARD)
        await bob.log_in("bob")
        await bob.page("/user/bob/")
        await refused(hub, bob, "/user/ada/", DASHBOARD)
        # Who may do all at the Hub does not see a learner's terminal either: nobody has told the learner.
        await root.log_in(ADMIN)
        await refused(hub, root, "/user/ada/")
        for origin in ("http://evil.example", "", "null"):
            assert await bob.connect("/user/bob/ws", origin) == 403
            assert await bob.post("/user/bob/again", origin) == 403
        assert (await bob.get("/user/bob/", Host="evil.example"))[0] == 421

        line = await bob.connect("/user/bob/ws")
        assert isinstance(line, aiohttp.ClientWebSocketResponse)
        await shows(line, "painted")
        now = time.time()
        await line.send_json(
            ["stdin", told(encode(Hello("r", now)), encode(Sent(1, event(StepEntered(), "one"))))]
        )
        await until_known(store, "bob", ["one"])
        server.stop("immediate")
        await line.send_json(
            ["stdin", told(encode(Hello("r", now)), encode(Sent(2, event(StepEntered(), "two"))))]
        )
        await shows(line, "answer")
        server.start()
        await until_known(store, "bob", ["one", "two"])

        await grace.log_in("grace")
        await grace.page(DASHBOARD)
        screen = await grace.connect(f"{DASHBOARD}ws")
        assert isinstance(screen, aiohttp.ClientWebSocketResponse)
        await shows(screen, "bob")
        await screen.close()

        await line.close()
        board = open_board(server.url, store)
        control = BoardControl(board, title="A class", joining="", instructor="grace")
        with control.looking():
            await instructed(control, tabs)
        # Their servers have ended, and the Hub has their pages.
        async with patience():
            while "textual-terminal" in (await bob.get("/user/bob/"))[1]:
                await asyncio.sleep(0.2)
