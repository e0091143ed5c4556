"""The private engine's daemon, from its start to the removal of its leftovers."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from runner.engine import unix_http
from runner.engine.api import Loss
from runner.engine.owner import start_time
from runner.engine.private import exit_reason, launch
from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.exit_reason import Tally, daemon_loss
from runner.engine.private.failures import start_failure
from runner.engine.private.places import Places
from runner.engine.processes import arguments, descendants, kill_leaderless_orphans, pids
from runner.errors import EngineError
from runner.files import remove_tree, text_if_any
from runner.pace import MACHINE

if TYPE_CHECKING:
    from runner.engine.private.launch import Launched

READY_SECONDS = 60.0
"""A daemon that fails ends, which is noticed at once; this is for one that hangs. Slow machines need much of it."""
_STOP_SECONDS = 6.0
_POLL_SECONDS = 0.02
_ANSWER_SECONDS = 1.0


class EngineProcess:
    """One dockerd in its own namespaces."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._cgroup = EngineCgroup.of(places.runtime)
        self._launched: Launched | None = None
        self._answered = False

    def start(self, *, called_off: Callable[[], object]) -> bool:
        """Start it and wait until it answers, or until it is `called_off`; True if it answers. Call `stop` in any case.

        Raises:
            EngineError: it did not start; the message ends with its log's last lines.
        """
        self._clear()
        exit_reason.remove(self._places)
        with self._places.log.open("wb") as log:
            self._launched = launch.launch(self._places, self._cgroup, log)
        deadline = time.monotonic() + MACHINE.stretched(READY_SECONDS)
        while not called_off():
            if unix_http.answers(self._places.socket, seconds=MACHINE.stretched(_ANSWER_SECONDS)):
                self._answered = True
                return True
            if self._launched.poll() is not None or time.monotonic() > deadline:
                raise self._failure()
            time.sleep(_POLL_SECONDS)
        return False

    @property
    def pid(self) -> int:
        """The outer process; the engine ends with it."""
        assert self._launched is not None
        return self._launched.pid

    @property
    def running(self) -> bool:
        return self._launched is not None and self._launched.poll() is None

    def loss(self, tally: Tally) -> Loss:
        """The reason why it ended by itself; `tally` counts the kernel's interventions meanwhile."""
        assert self._launched is not None
        status = self._launched.poll()
        return daemon_loss(-1 if status is None else status, text_if_any(self._places.log), tally)

    def sweep(self) -> None:
        """End processes that a removed container left: without their first thread, they look dead to the daemon."""
        kill_leaderless_orphans(self.pid)

    def stop(self) -> None:
        """End it with all its containers, and remove its leftovers in the runtime folder and the cgroups."""
        if self._launched is not None:
            if self._answered:
                with suppress(OSError):
                    # A container's first process ignores SIGTERM, and dockerd would wait ten seconds for it.
                    unix_http.remove_containers(self._places.socket, seconds=MACHINE.stretched(_STOP_SECONDS))
            self._launched.terminate()
            deadline = time.monotonic() + MACHINE.stretched(_STOP_SECONDS)
            while self.running and self._busy() and time.monotonic() < deadline:
                time.sleep(0.01)
            self._launched.kill()
            self._launched.wait()
        self._clear()

    def _busy(self) -> bool:
        """True if the daemon is still shutting down: it ends containerd last, then waits a second for nothing."""
        return any("containerd" in word for pid in descendants(self.pid) for word in arguments(pid)[:1])

    def _clear(self) -> None:
        """Remove leftovers of this or an earlier engine; a stale `containerd.pid` would keep the next from starting."""
        _end(_strays(self._places))
        self._places.socket.unlink(missing_ok=True)
        for folder in (self._places.exec_root, self._places.root):
            remove_tree(folder)  # a killed daemon leaves one that its owner may not enter
        self._cgroup.remove()

    def _failure(self) -> EngineError:
        return start_failure(text_if_any(self._places.log), self._places.log)


def _end(processes: Sequence[int]) -> None:
    """Kill processes, and wait until they are gone: until then they may write files."""
    for pid in processes:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + MACHINE.stretched(_STOP_SECONDS)
    while any(start_time(pid) is not None for pid in processes) and time.monotonic() < deadline:
        time.sleep(0.01)


def _strays(places: Places) -> list[int]:
    """Processes of an engine with our folders that outlived their supervisor."""
    option = f"--exec-root={places.exec_root}"
    return [pid for pid in pids() if any(option in word for word in arguments(pid)) and pid != os.getpid()]
