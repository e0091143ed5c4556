"""A headless Chromium, driven through its DevTools protocol, and the content of its tabs."""

import asyncio
import base64
import itertools
import json
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

import aiohttp

from runner.pace import MACHINE
from runner.terminal.ghostty import GhosttyEmulator

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    *("--no-proxy-server", "--remote-debugging-port=0", "--remote-allow-origins=*"),
)
_KEYS = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40}


class Browser:
    """The running browser; each profile has its own cookies."""

    def __init__(self, connection: aiohttp.ClientWebSocketResponse) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict]] = {}
        self._tabs: dict[str, Tab] = {}
        self._listener = asyncio.create_task(self._listen())

    async def profile(self) -> str:
        """A new profile."""
        return (await self.call("Target.createBrowserContext"))["browserContextId"]

    async def tab(self, address: str, *, profile: str, width: int = 1200, height: int = 800) -> "Tab":
        """A tab that has gone to `address`."""
        target = await self.call("Target.createTarget", url="about:blank", browserContextId=profile)
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        tab = self._tabs[attached["sessionId"]] = Tab(self, attached["sessionId"], target["targetId"])
        for domain in ("Page", "Network", "Runtime"):
            await tab.call(f"{domain}.enable")
        await tab.resize(width, height)
        await tab.call("Page.navigate", url=address)
        return tab

    async def call(self, method: str, session: str = "", **parameters: object) -> dict:
        """The browser's answer."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        await self._connection.send_json(message | ({"sessionId": session} if session else {}))
        return await asyncio.wait_for(answer, MACHINE.stretched(30))

    async def close(self) -> None:
        """Let go of the connection."""
        await self._connection.close()
        await self._listener

    async def _listen(self) -> None:
        async for message in self._connection:
            event = json.loads(message.data)
            if (answer := self._answers.pop(event.get("id"), None)) is not None:
                if "error" in event:
                    answer.set_exception(RuntimeError(event["error"]["message"]))
                else:
                    answer.set_result(event["result"])
            elif tab := self._tabs.get(event.get("sessionId", "")):
                tab.notice(event["method"], event["params"])


class Tab:
    """A tab; what a terminal in it shows is read from the data that the page gets, as its canvas has no text."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target
        self._emulator = GhosttyEmulator(80, 24)
        self._rows: dict[int, str] = {}
        self._changed = asyncio.Event()
        self.size = (0, 0)
        self.faults: list[str] = []
        """What the browser complains of: errors in scripts, and what it was kept from loading."""

    async def call(self, method: str, **parameters: object) -> dict:
        return await self._browser.call(method, self._session, **parameters)

    @property
    def screen(self) -> str:
        """The content of the terminal in the page."""
        self._rows |= {y: row.text for y, row in self._emulator.frame().rows.items()}
        return "\n".join(self._rows.get(y, "") for y in range(max(self._rows, default=0) + 1))

    async def text(self) -> str:
        """The text of the page, without terminals."""
        return await self.evaluate("document.body ? document.body.innerText : ''")

    async def evaluate(self, expression: str):
        """The value of a JavaScript expression in the page."""
        return (await self.call("Runtime.evaluate", expression=expression, returnByValue=True))["result"].get(
            "value"
        )

    async def shows(self, wanted: str | Callable[[str], bool], seconds: float = 60) -> str:
        """The terminal as soon as it shows `wanted`."""
        holds = (lambda screen: wanted in screen) if isinstance(wanted, str) else wanted
        try:
            async with asyncio.timeout(MACHINE.stretched(seconds)):
                while not holds(screen := self.screen):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{wanted!r} did not come:\n{self.screen}\n{self.faults}") from None
        return screen

    async def says(self, wanted: str, seconds: float = 60) -> None:
        """Wait until the page, without its terminal, says `wanted`."""
        try:
            async with asyncio.timeout(MACHINE.stretched(seconds)):
                while wanted not in await self.text():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{wanted!r} did not come:\n{await self.text()}") from None

    async def press(self, *keys: str) -> None:
        """Press keys: characters, or names such as Enter."""
        for key in keys:
            code = _KEYS.get(key, 0)
            pressed = {"key": key, "windowsVirtualKeyCode": code} if code else {"key": key, "text": key}
            for kind in ("keyDown", "keyUp"):
                await self.call("Input.dispatchKeyEvent", type=kind, **pressed)

    async def reload(self) -> None:
        """Reload the page; later calls return the new terminal's content."""
        self._emulator.feed(b"\x1bc")
        await self.call("Page.reload")

    async def resize(self, width: int, height: int) -> None:
        """Make the window so many pixels large."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    async def close(self) -> None:
        """Close the tab as a person does."""
        await self._browser.call("Target.closeTarget", targetId=self._target)

    def notice(self, event: str, what: dict) -> None:
        """Take in an event of the browser."""
        if event == "Network.webSocketCreated":
            asked = parse_qs(urlsplit(what["url"]).query)
            self._emulator = GhosttyEmulator(80, 24)
            self._resized(int(asked["width"][0]), int(asked["height"][0]))
        elif event == "Network.webSocketFrameSent":
            kind, *rest = json.loads(what["response"]["payloadData"])
            if kind == "resize":
                self._resized(rest[0]["width"], rest[0]["height"])
        elif event == "Network.webSocketFrameReceived" and what["response"]["opcode"] == 2:
            self._emulator.feed(base64.b64decode(what["response"]["payloadData"]))
        elif event == "Runtime.exceptionThrown":
            self.faults.append(what["exceptionDetails"]["exception"].get("description", str(what)))
        elif event == "Network.loadingFailed" and not what.get("canceled"):
            self.faults.append(f"{what['type']}: {what['errorText']} {what.get('blockedReason', '')}")
        self._changed.set()

    def _resized(self, columns: int, lines: int) -> None:
        self.size = (columns, lines)
        self._emulator.resize(columns, lines)
        self._rows.clear()


@asynccontextmanager
async def headless(folder: Path, *options: str) -> AsyncIterator[Browser]:
    """A browser with an empty profile in `folder`."""
    # A browser that is told to end leaves its sockets behind, and their paths must be short.
    with TemporaryDirectory() as sockets:
        process = await asyncio.create_subprocess_exec(
            *(CHROMIUM, *_OPTIONS, *options, f"--user-data-dir={folder}", "about:blank"),
            env={**os.environ, "TMPDIR": sockets},
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
        )
        try:
            address = await asyncio.wait_for(_address(process), MACHINE.stretched(60))
            drain = asyncio.create_task(process.stderr.read())
            async with aiohttp.ClientSession() as http:
                browser = Browser(await http.ws_connect(address, max_msg_size=0))
                try:
                    yield browser
                finally:
                    await browser.close()
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            await process.wait()
        await drain


async def _address(process: Process) -> str:
    said = b""
    async for line in process.stderr:
        said += line
        if line.startswith(b"DevTools listening on "):
            return line.decode().split()[-1]
    raise AssertionError(f"the browser did not start:\n{said.decode(errors='replace')}")
