"""The served workshop in a real browser, on a real engine."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runner.content import LABS
from runner.engine.discovery import EngineChoice
from runner.engine.processes import descendants
from runner.pace import MACHINE
from tests.serve.browser import CHROMIUM, Tab, headless
from tests.waiting import patience, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


def sizes(screen: str) -> set[str]:
    """The sizes that the shell has printed."""
    return set(re.findall(r"size=(\d+ \d+)", screen))


@asynccontextmanager
async def served(
    choice: EngineChoice, variables: Mapping[str, str], state: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A running `workshop serve` for one learner at a time, ended as Ctrl-C ends it."""
    environment = {**variables, "XDG_STATE_HOME": str(state)}
    command = [sys.executable, "-m", "runner", "serve", str(LABS / "seccomp"), "--engine", choice.engine]
    process = await asyncio.create_subprocess_exec(
        *(*command, "--sessions", "1"),
        env={**os.environ, **environment, "A_SECRET": "hush"},
        stdout=PIPE,
    )
    try:
        yield process
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), MACHINE.stretched(60)) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def address(server: asyncio.subprocess.Process) -> str:
    """The next address that the server prints."""
    return (await asyncio.wait_for(server.stdout.readline(), MACHINE.stretched(60))).decode().strip()


async def alone(server: asyncio.subprocess.Process) -> None:
    """Wait until the server has no processes below it."""
    await until(lambda: not descendants(server.pid))


async def containers(ours: Callable[[], set[str]], count: int) -> None:
    """Wait until the engine has so many of our containers."""
    await until(lambda: len(ours()) == count)


async def type_line(tab: Tab, line: str) -> None:
    await tab.press(*line, "Enter")


def at_the_bottom(text: str):
    """True if the screen's last line has `text`: the app is as high as the window."""
    return lambda screen: text in "".join(screen.splitlines()[-1:])


def has_tab(name: str):
    """True if the row of the app's own tabs, the second of the screen, has one of that name."""
    return lambda screen: name in "".join(screen.splitlines()[1:2])


async def test_a_lab_in_a_browser(
    engine_choice: EngineChoice,
    engine_variables: Mapping[str, str],
    our_containers: Callable[[], set[str]],
    tmp_path: Path,
):
    """The address leads to the labs, keys and the window's size reach a shell, and all ends with the tab."""
    async with (
        headless(tmp_path / "browser") as browser,
        served(engine_choice, engine_variables, tmp_path) as server,
    ):
        invitation = await address(server)
        stranger = await browser.tab(invitation.partition("?")[0], profile=await browser.profile())
        await stranger.says("Not let in")
        assert not descendants(server.pid)

        learner = await browser.profile()
        tab = await browser.tab(invitation, profile=learner)
        await tab.shows(at_the_bottom("q Quit"))
        await tab.shows("4. Take one thing away")
        blank = await stranger.picture()
        # The terminal is drawn, not only received.
        async with patience():
            while len(await tab.picture()) < 1.5 * len(blank):
                await asyncio.sleep(0.05)

        await tab.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
        await tab.shows(has_tab("your shell"))
        await tab.press("t")
        await tab.shows("Leave terminal")
        await type_line(tab, "echo secret=${A_SECRET:-none}")
        await tab.shows("secret=none")
        await type_line(tab, "echo size=$(stty size)")
        await tab.shows(sizes)
        before = tab.size
        await tab.resize(900, 600)
        await tab.shows(lambda screen: tab.size < before and at_the_bottom("Leave terminal")(screen))
        await type_line(tab, "echo size=$(stty size)")
        await tab.shows(lambda screen: len(sizes(screen)) == 2)

        await type_line(tab, "docker run -d lab sleep 600")
        await containers(our_containers, 1)

        other = await browser.tab(await address(server), profile=await browser.profile())
        await other.says("All sessions are taken (1)")

        await tab.reload()
        await tab.shows("Step 1 of 4")
        await tab.shows(at_the_bottom("q Labs"))
        await containers(our_containers, 0)
        await tab.press("q")
        await tab.shows("◐ 4. Take one thing away")
        await tab.close()
        await alone(server)
        await other.call("Page.reload")
        await other.shows("4. Take one thing away")
        await other.close()
        await alone(server)
        assert tab.faults == other.faults == []


async def test_the_plain_address_works_once_let_in(
    engine_choice: EngineChoice, engine_variables: Mapping[str, str], tmp_path: Path
):
    """Like the used address, in the browser that used it and in no other."""
    async with (
        headless(tmp_path / "browser") as browser,
        served(engine_choice, engine_variables, tmp_path) as server,
    ):
        invitation = await address(server)
        plain = invitation.partition("?")[0]
        learner = await browser.profile()
        stranger = await browser.tab(plain, profile=await browser.profile())
        for place in (invitation, plain, invitation):
            tab = await browser.tab(place, profile=learner)
            await tab.shows("4. Take one thing away")
            await tab.close()
            await alone(server)
        await stranger.call("Page.reload")
        await stranger.says("Not let in")
        assert stranger.faults == []
