"""A class of real boxes on the loopback, and the stores of a large one: every figure with an aim for classes.

Only root can hold classes; a separate folder keeps this one apart from others. `WORKSHOP_BENCH_LEARNERS` makes it
smaller, for a quick trial.
"""

import asyncio
import os
import re
import signal
import ssl
import statistics
import string
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from runner.box.resources import ClassResources
from runner.engine.private.cgroup import groups_from
from runner.engine.processes import arguments
from tools.bench import record
from tools.bench._doors import by_browser, by_ssh
from tools.bench.terminal import SEQUENCES, p95, report

LEARNERS = int(os.environ.get("WORKSHOP_BENCH_LEARNERS", "30"))
"""The number of learners who type."""
TOGETHER = min(10, LEARNERS)
"""The number of learners who open their boxes at once."""
KEYS, PAUSE = 25, 0.4
"""For each learner: the number of keys, and the seconds between two."""
_PATIENCE = 300.0
_LIST, _PROMPT, _IN_TERMINAL = b"Quit", b"$ ", b"Leave terminal"
_SSH_PORT = 18022
_KINDS = ("dockerd", "containerd-shim", "containerd", "supervisor", "strace", "runner", "bash")


class Seat:
    """A learner's browser, as the gateway sees it."""

    def __init__(self, session: aiohttp.ClientSession, origin: str, tls: ssl.SSLContext, name: str) -> None:
        self._session, self._origin, self._tls, self.name = session, origin, tls, name
        self._shown = b""
        self._changed = asyncio.Event()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._listener: asyncio.Task[None] | None = None

    async def join(self, code: str) -> None:
        """Join with the page's form."""
        form = {"name": self.name, "code": code}
        headers = {"Origin": self._origin}
        url = f"{self._origin}/join"
        async with self._session.post(url, data=form, headers=headers, ssl=self._tls) as answer:
            assert answer.status == 200, await answer.text()

    async def open(self) -> float:
        """Open the session; returns the seconds until the list of labs is shown."""
        began = time.perf_counter()
        url = f"{self._origin}/ws?width=100&height=30"
        self._socket = await self._session.ws_connect(url, ssl=self._tls, origin=self._origin, max_msg_size=0)
        self._listener = asyncio.create_task(self._listen(self._socket))
        await self.shows(_LIST)
        return time.perf_counter() - began

    async def press(self, keys: str) -> None:
        """Type keys, and ignore earlier output from now on."""
        assert self._socket is not None
        self._shown = b""
        await self._socket.send_json(["stdin", keys])

    async def shows(self, wanted: bytes) -> None:
        """Wait until a text is shown."""
        async with asyncio.timeout(_PATIENCE):
            while wanted not in self._shown:
                self._changed.clear()
                await self._changed.wait()

    async def begin(self) -> float:
        """Open the first lab; returns the seconds until its shell's prompt is shown."""
        began = time.perf_counter()
        await self.press("\r")
        await self.shows(_PROMPT)
        took = time.perf_counter() - began
        await self.press("t")
        await self.shows(_IN_TERMINAL)
        return took

    async def echoes(self) -> list[float]:
        """Seconds from each of several keys to its echo."""
        taken = []
        for number in range(KEYS):
            key = string.ascii_uppercase[number % 26]
            began = time.perf_counter()
            await self.press(key)
            await self.shows(key.encode())
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
        return taken

    async def close(self) -> None:
        """Leave the page."""
        if self._socket is not None:
            await self._socket.close()
        if self._listener is not None:
            await self._listener

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.BINARY:
                self._shown = self._shown[-4096:] + SEQUENCES.sub(b"", frame.data)
                self._changed.set()


@asynccontextmanager
async def _class(folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Run a class in a folder; yields its origin and its code."""
    command = [sys.executable, "-m", "runner", "classroom", "--no-screen", "--ssh-port", str(_SSH_PORT)]
    # One learner joins with a browser and one with ssh, besides those who type.
    seats = ["--seats", str(LEARNERS + 2), "--memory", "768"]
    where = ["--address", "127.0.0.1", "--port", "18443", *seats]
    environment = {**os.environ, "WORKSHOP_CLASSROOM_DIR": str(folder)}
    process = await asyncio.create_subprocess_exec(*command, *where, env=environment, stdout=PIPE)
    assert process.stdout is not None
    try:
        said = ""
        while "/screen" not in said:
            line = (await asyncio.wait_for(process.stdout.readline(), _PATIENCE)).decode()
            if not line:
                sys.exit("the class did not begin")
            said += line
        patterns = (r"(https://\S+?)/\s", r"class code\s+(\S+)")
        origin, code = (re.findall(pattern, said)[0] for pattern in patterns)
        yield origin, code
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()


def _memory(pids: list[int]) -> Counter[str]:
    """The proportional set size in kilobytes, by the kind of process."""
    found: Counter[str] = Counter()
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        words = " ".join(arguments(pid))
        kind = next((kind for kind in _KINDS if kind in words), "other")
        found[kind] += int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0])
    return found


def _processes(groups: list[Path]) -> list[int]:
    return sorted(
        {
            int(pid)
            for group in groups
            for below in groups_from(group)
            for pid in (below / "cgroup.procs").read_text().split()
        }
    )


def _worked(pids: list[int]) -> float:
    """Seconds of processor time used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure everything in one class, then the stores."""
    if os.geteuid():
        print("no class was measured: only root holds one")
    else:
        with tempfile.TemporaryDirectory(prefix="bench-", dir="/var/tmp") as folder:
            asyncio.run(_measure(Path(folder)))
    record.main()


async def _measure(folder: Path) -> None:
    resources = ClassResources.under(folder)
    async with _class(folder) as (origin, code), AsyncExitStack() as stack:
        tls = ssl.create_default_context(cafile=str(resources.settings / "certificate.pem"))
        seats = []
        for number in range(LEARNERS):
            jar = aiohttp.CookieJar(unsafe=True)
            session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
            seats.append(Seat(session, origin, tls, f"learner {number}"))
            stack.push_async_callback(seats[-1].close)
            await seats[-1].join(code)
        await _one(seats[-1], origin, code)
        opened = await asyncio.gather(*(seat.open() for seat in seats[:TOGETHER] if seat is not seats[-1]))
        detail = f"slowest {max(opened):.2f} s"
        report(f"{len(opened)} boxes at once: first frame", detail, statistics.median(opened), 2, "s")
        for seat in seats[TOGETHER:-1]:
            await seat.open()
        for seat in seats[:-1]:
            await seat.begin()
        _weigh(resources)
        await _type(resources, seats)


async def _one(seat: Seat, origin: str, code: str) -> None:
    """Measure from joining to the first prompt, for each way to join, while nobody else is in the class."""
    listed = await seat.open()
    prompt = await seat.begin()
    report("join to first prompt, the gateway", f"its list after {listed:.2f} s", listed + prompt, 3, "s")
    took = await by_browser(origin, code)
    if took is None:
        print("join to first prompt, in a browser: not measured, since there is no Chromium")
    else:
        report("join to first prompt, in Chromium", "from the form that is sent", took, 3, "s")
    took = await asyncio.to_thread(by_ssh, _SSH_PORT, code)
    report("join to first prompt, by OpenSSH", "from the code that is typed", took, 3, "s")


def _weigh(resources: ClassResources) -> None:
    groups = {number: resources.group(number).folders for number in range(1, LEARNERS + 1)}
    each = [_memory(_processes(list(folders))) for folders in groups.values()]
    parts = sum(each, Counter())
    shown = ", ".join(f"{kind} {size / 1024 / LEARNERS:.0f}" for kind, size in parts.most_common())
    report("memory for each learner", shown, parts.total() / 1024 / LEARNERS, 120, "MB PSS")


async def _type(resources: ClassResources, seats: list[Seat]) -> None:
    gateway = _processes(list(resources.gateway_group.folders))
    before, began = _worked(gateway), time.perf_counter()
    taken = [one for echoes in await asyncio.gather(*(seat.echoes() for seat in seats)) for one in echoes]
    share = 100 * (_worked(gateway) - before) / (time.perf_counter() - began)
    detail = f"median {statistics.median(taken) * 1e3:.0f} ms, {len(taken)} keys"
    report(f"{LEARNERS} type: key to echo, p95", detail, p95(taken) * 1e3, 120, "ms")
    memory = _memory(gateway).total() / 1024
    report("the gateway meanwhile", f"{memory:.0f} MB", share, 5, "% of a core")


if __name__ == "__main__":
    main()
