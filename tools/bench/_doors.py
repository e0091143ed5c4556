"""A learner who joins a class with a real browser or with OpenSSH."""

import re
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pexpect

from runner.terminal.ghostty import GhosttyEmulator
from tests.serve.browser import CHROMIUM, headless

PATIENCE = 300.0
_COLUMNS, _ROWS = 100, 60
_LIST, _ASKED = "q Quit", "May the instructor see"
_PROMPT = re.compile(r"(^|│)\s*\$\s*$", re.MULTILINE)


class Display:
    """The screen of a terminal that is fed with output from a remote program."""

    def __init__(self, columns: int, rows: int) -> None:
        self._emulator = GhosttyEmulator(columns, rows)
        self._rows: dict[int, str] = {}

    def feed(self, data: bytes) -> None:
        """Show further output."""
        self._emulator.feed(data)

    @property
    def lines(self) -> list[str]:
        """The lines on the screen now."""
        self._rows |= {y: row.text for y, row in self._emulator.frame().rows.items()}
        return [self._rows.get(y, "") for y in range(max(self._rows, default=0) + 1)]


async def by_browser(origin: str, code: str) -> float | None:
    """Seconds from sending the join form to the first lab's prompt; None without a browser."""
    if CHROMIUM is None:
        return None
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        async with headless(Path(folder), "--ignore-certificate-errors") as browser:
            tab = await browser.tab(f"{origin}/", profile=await browser.profile())
            await tab.says("Your name", PATIENCE)
            await tab.evaluate(
                "document.querySelector('#name').value = 'by browser'; "
                f"document.querySelector('#code').value = '{code}'"
            )
            began = time.perf_counter()
            await tab.evaluate("document.querySelector('form').requestSubmit()")
            await tab.shows(_LIST, PATIENCE)
            await tab.press("Enter")
            await tab.shows(lambda screen: bool(_PROMPT.search(screen)), PATIENCE)
            return time.perf_counter() - began


def by_ssh(port: int, code: str) -> float:
    """Seconds from typing the code at ssh's prompt to the first lab's prompt."""
    options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"]
    words = [*(part for option in options for part in ("-o", option)), "-p", str(port), "by-ssh@127.0.0.1"]
    display = Display(_COLUMNS, 30)
    ssh: pexpect.spawn[bytes] = pexpect.spawn("ssh", words, timeout=PATIENCE, dimensions=(30, _COLUMNS))
    with closing(ssh) as child:
        child.expect("password:")

        def until(holds: Callable[[str], object]) -> None:
            while not holds("\n".join(display.lines)):
                display.feed(child.read_nonblocking(65536, PATIENCE))

        began = time.perf_counter()
        child.sendline(code)
        until(lambda screen: _ASKED in screen)
        child.send("y")
        until(lambda screen: _ASKED not in screen and _LIST in screen)
        child.send("\r")
        until(_PROMPT.search)
        return time.perf_counter() - began
