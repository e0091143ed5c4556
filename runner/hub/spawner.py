"""JupyterHub's spawner for one host: a server for each learner, and a box from the box starter.

The Hub needs no privileges: only `runner.hub.box_host`, which root runs, has them.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyterhub.spawner import Spawner
from jupyterhub.utils import random_port
from traitlets import Unicode

import runner
from runner.hub.box_link import ask_for_box
from runner.hub.settings import BOX, BOX_SOCKET, CHANNEL_SOCKET

_GRACE = 15.0
_SHOWN = ("PATH", "LANG", "LC_ALL", "TZ")


class BoxSpawner(Spawner):  # type: ignore[misc] # the Hub has no types
    """Starts `runner.hub.user_server` as the Hub's own user, beside a box of the learner's."""

    starter = Unicode(
        "/run/seccomp-workshop-hub/boxes.sock", help="The socket of the starter of boxes.", config=True
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._process: asyncio.subprocess.Process | None = None
        self._pid = 0

    def load_state(self, state: dict[str, Any]) -> None:
        """Restore the saved state of a server that runs."""
        super().load_state(state)
        self._pid = int(state.get("pid", 0))

    def get_state(self) -> dict[str, Any]:
        """The state to save, in case the Hub is restarted."""
        state: dict[str, Any] = super().get_state()
        return {**state, "pid": self._pid} if self._pid else state

    def clear_state(self) -> None:
        """Forget the server, which has ended."""
        super().clear_state()
        self._process, self._pid = None, 0

    async def start(self) -> tuple[str, int]:
        """Start the server; returns its address."""
        host = str(self.ip or "127.0.0.1")  # type: ignore[has-type] # of the Hub, which has no types
        port = int(self.port or random_port())  # type: ignore[has-type]
        self.ip, self.port = host, port
        loop = asyncio.get_running_loop()
        box = await loop.run_in_executor(None, ask_for_box, Path(self.starter), self.user.name)
        with box:
            environment = {
                **{name: os.environ[name] for name in _SHOWN if name in os.environ},
                **self.get_env(),
                "PYTHONPATH": str(Path(runner.__file__).resolve().parent.parent),
                BOX: str(box.number),
                BOX_SOCKET: str(box.link.fileno()),
                CHANNEL_SOCKET: str(box.channel.fileno()),
            }
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "runner.hub.user_server"),
                stdin=asyncio.subprocess.DEVNULL,
                env=environment,
                pass_fds=(box.link.fileno(), box.channel.fileno()),
                start_new_session=True,
            )
        self._pid = self._process.pid
        return host, port

    async def poll(self) -> int | None:
        """None while the server runs, else its exit status; 0 for an unknown one."""
        if self._process is not None:
            return self._process.returncode
        return None if self._pid and _runs(self._pid) else 0

    async def stop(self, now: bool = False) -> None:
        """End the server, and its box with it."""
        for number, seconds in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, _GRACE)):
            if await self.poll() is not None:
                return
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)
            if now:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while await self.poll() is None:
                        await asyncio.sleep(0.1)


def _runs(pid: int) -> bool:
    """True if the process is still one of our servers: its number may have been reused."""
    try:
        return b"runner.hub.user_server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
