"""A class as it is held: the labs in real boxes, people in real browsers, and one on their own machine."""

import asyncio
import os
import re
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from runner.pace import MACHINE
from runner.tui.gate import PAUSE
from tests.serve.browser import CHROMIUM, Browser, Tab, headless

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root holds classes"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
    pytest.mark.skipif("WORKSHOP_TEST_ENGINE" in os.environ, reason="a box has an engine of its own"),
]
NAMES = ("Ada", "Bob", "Cleo", "Dora", "Émile")


@dataclass(frozen=True)
class Class:
    """The class's address, and the two codes that are printed."""

    origin: str
    code: str
    instructor_code: str


@asynccontextmanager
async def held(folder: Path, *options: str) -> AsyncIterator[Class]:
    """A class held by `workshop classroom`, ended as by Ctrl-C."""
    command = [sys.executable, "-m", "runner", "classroom", "--no-screen", "--ssh-port", "0"]
    where = ["--address", "127.0.0.1", "--port", "28443"]
    process = await asyncio.create_subprocess_exec(
        *(*command, *where, *options),
        env={**os.environ, "WORKSHOP_CLASSROOM_DIR": str(folder)},
        stdout=PIPE,
    )
    assert process.stdout is not None
    try:
        said = ""
        while "/screen" not in said:
            line = await asyncio.wait_for(process.stdout.readline(), MACHINE.stretched(300))
            assert line, said
            said += line.decode()
        found = [
            re.findall(one, said)[0]
            for one in (r"(https://\S+?)/\s", r"class code\s+(\S+)", r"with the code (\S+?):")
        ]
        yield Class(*found)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), MACHINE.stretched(60))


async def joined(browser: Browser, class_: Class, name: str, code: str) -> tuple[str, Tab]:
    """The profile and tab of a person who has filled in the form."""
    profile = await browser.profile()
    tab = await browser.tab(f"{class_.origin}/", profile=profile)
    await tab.says("Your name")
    fill = (
        f"document.querySelector('#name').value = '{name}'; document.querySelector('#code').value = '{code}';"
    )
    await tab.evaluate(f"{fill} document.querySelector('form').requestSubmit()")
    return profile, tab


async def does_a_step(tab: Tab) -> None:
    """Open the first lab, and do what its first step shows, with the key that does the next thing."""
    await tab.shows("q Quit")
    await tab.press("Enter")
    await tab.shows("Step 1 of")
    async with asyncio.timeout(MACHINE.stretched(240)):
        while "Step 2 of" not in tab.screen:
            await tab.press(" ")
            await asyncio.sleep(PAUSE * 1.5)  # a warning counts as read only after a pause


async def test_five_browsers_each_do_a_step_and_the_instructor_sees_it() -> None:
    """The sixth of five learns that the class is full; one with a taken name learns what to do."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        async with (
            held(Path(folder, "room"), "--seats", str(len(NAMES))) as class_,
            headless(Path(folder, "browser"), "--ignore-certificate-errors") as browser,
        ):
            people = [await joined(browser, class_, name, class_.code) for name in NAMES]
            _, late = await joined(browser, class_, "Late", class_.code)
            await late.says("This class is full: it has 5 seats.")
            _, twice = await joined(browser, class_, "ada", class_.code)
            await twice.says("Somebody called Ada is in this class already.")
            profile, _ = await joined(browser, class_, "x", class_.instructor_code)
            await asyncio.gather(*(does_a_step(tab) for _, tab in people))
            screen = await browser.tab(f"{class_.origin}/screen", profile=profile)
            for name in NAMES:
                await screen.shows(lambda text, name=name: re.search(rf"{name}\s+1\.2 ", text))
            await screen.shows("5 of 5 here")
            assert [tab.faults for _, tab in people] == [[]] * len(NAMES)
            assert screen.faults == []
