"""The root process of a class: makes its resources, starts the gateway unprivileged, and restarts it if it dies."""

import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress

from runner.box.box import Content
from runner.box.keeper import Kept, keep
from runner.box.packet import receive
from runner.box.resources import ClassResources
from runner.box.starter import Starter
from runner.box.sweeper import swept_if_killed
from runner.classroom import given
from runner.classroom.host.enclosure import enclosed
from runner.classroom.host.sockets import Sockets
from runner.classroom.settings import Settings
from runner.engine.private.namespaces import Enclosed
from runner.errors import EngineError

_QUICK, _MOST = 60.0, 5
"""A gateway that dies this often within so many seconds is not restarted."""


class Host:
    """Holds a class whose resources are prepared and locked."""

    def __init__(
        self,
        resources: ClassResources,
        content: Content,
        settings: Settings,
        sockets: Sockets,
        *,
        screen: Sequence[str] = (),
    ) -> None:
        """`screen` is the Python module that shows the class, in the folder `given.OWN`, and its arguments."""
        self._screen = tuple(screen)
        self._resources, self._content, self._settings, self._sockets = resources, content, settings, sockets
        self._starter = Starter(resources, content)
        self._log = resources.run / "gateway.log"
        self._log.unlink(missing_ok=True)
        self._gateway: Kept | None = None
        self._sweeper = ExitStack()

    def hold(self, ready: Callable[[], None]) -> None:
        """Hold the class until it is over; `ready` is called once learners can come.

        Raises:
            EngineError: the gateway cannot be started, or keeps dying.
        """
        self._sweeper.enter_context(swept_if_killed(self._resources))
        deaths: list[float] = []
        told = False

        def once() -> None:
            nonlocal told
            if not told:
                told = True
                ready()

        while self._serve(once) != 0:
            deaths = [*(at for at in deaths if time.monotonic() - at < _QUICK), time.monotonic()]
            if len(deaths) >= _MOST or not told:
                raise EngineError(f"the class's gateway has ended: {self._last_words()}")
            print("workshop: the gateway died, and is started again", file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the class: its gateway, its boxes, and its resources."""
        if self._gateway is not None:
            self._gateway.end()
            self._forget_gateway(self._gateway)
        self._starter.close()
        self._sockets.close()
        if not self._resources.sweep():
            print(
                "workshop: some of the class's processes have not ended yet; later, remove what is left: "
                "sudo workshop clean",
                file=sys.stderr,
                flush=True,
            )
        self._sweeper.close()

    def _serve(self, ready: Callable[[], None]) -> int:
        """Run one gateway from start to end; returns its exit status."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        full = self._log.exists() and self._log.stat().st_size > given.LONGEST_LOG
        with ours, theirs, self._log.open("wb" if full else "ab") as log:
            descriptors = {
                1: log.fileno(),
                2: log.fileno(),
                given.LINK: theirs.fileno(),
                **self._sockets.descriptors,
            }
            group = self._resources.gateway_group
            kept = self._gateway = keep(
                lambda _opened: self._start(descriptors), group.kill, passing=descriptors.values()
            )
            theirs.close()
            self._starter.serve(ours, ready)
        kept.end()
        return self._forget_gateway(kept)

    def _forget_gateway(self, kept: Kept) -> int:
        said: dict[str, object] = {}
        with suppress(OSError, ValueError):
            said = receive(kept.link)[0] or {}
        with suppress(ChildProcessError):
            os.waitpid(kept.pid, 0)
        kept.link.close()
        self._gateway = None
        self._resources.gateway_group.kill()
        if said.get("is") == "failed":
            with self._log.open("ab") as log:
                log.write(f"{said.get('why')}\n".encode())
        status = said.get("status")
        return status if isinstance(status, int) else -1

    def _start(self, descriptors: dict[int, int]) -> Enclosed:
        resources = self._resources
        shown = {folder: folder for folder in self._content.folders} | {given.SETTINGS: resources.settings}
        return enclosed(
            resources,
            resources.gateway_group,
            [given.GATEWAY, *self._screen],
            readable=shown,
            writable={given.OWN: resources.own, given.CHANNELS: resources.run / "channels"},
            descriptors=descriptors,
        )

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = self._log.read_text(errors="replace").strip().splitlines()
            return " ".join(lines[-2:]) or f"see {self._log}"
        return f"see {self._log}"
