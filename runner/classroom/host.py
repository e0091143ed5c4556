"""The root of a class: makes what it needs, starts the gateway without privileges, and starts it again if it dies."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runner.box.box import Content
from runner.box.keeper import Kept, keep
from runner.box.room import Room
from runner.box.starter import Starter
from runner.classroom import gateway
from runner.classroom.enclosure import enclosed
from runner.classroom.settings import CERTIFICATE, KEY, Settings, give
from runner.engine.private.namespaces import Enclosed
from runner.errors import EngineError, UsageError

_QUICK, _MOST = 60.0, 5
"""A gateway that dies so often in so many seconds is not started again."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """Where the class listens."""

    web: socket.socket

    def close(self) -> None:
        """Listen no more."""
        self.web.close()


class Host:
    """Holds a class in a room; `lock` is the room's."""

    def __init__(self, room: Room, content: Content, settings: Settings, sockets: Sockets) -> None:
        self._room, self._content, self._settings, self._sockets = room, content, settings, sockets
        self._starter = Starter(room, content, seats=settings.seats + 1)
        self._log = room.run / "gateway.log"
        self._gateway: Kept | None = None

    def hold(self, ready: Callable[[], None]) -> None:
        """Hold the class until it is over; `ready` is called once learners can come.

        Raises:
            EngineError: the gateway cannot be started, or dies again and again.
        """
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
        """End the class: its gateway, its boxes, and what there is of them."""
        if self._gateway is not None:
            self._gateway.end()
            self._forget_gateway(self._gateway)
        self._starter.close()
        self._sockets.close()
        self._room.sweep()

    def _serve(self, ready: Callable[[], None]) -> int:
        """One gateway from its start to its end; its exit status."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs, self._log.open("ab") as log:
            descriptors = {
                1: log.fileno(),
                2: log.fileno(),
                gateway.LINK: theirs.fileno(),
                gateway.WEB: self._sockets.web.fileno(),
            }
            group = self._room.gateway_group
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
            said = json.loads(kept.link.recv(4096))
        with suppress(ChildProcessError):
            os.waitpid(kept.pid, 0)
        kept.link.close()
        self._gateway = None
        self._room.gateway_group.kill()
        if said.get("is") == "failed":
            with self._log.open("ab") as log:
                log.write(f"{said.get('why')}\n".encode())
        status = said.get("status")
        return status if isinstance(status, int) else -1

    def _start(self, descriptors: dict[int, int]) -> Enclosed:
        room = self._room
        shown = {folder: folder for folder in self._content.folders} | {gateway.SETTINGS: room.settings}
        return enclosed(
            room,
            room.gateway_group,
            [gateway.__name__],
            readable=shown,
            writable={gateway.OWN: room.own, gateway.CHANNELS: room.run / "channels"},
            descriptors=descriptors,
        )

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = self._log.read_text(errors="replace").strip().splitlines()
            return " ".join(lines[-2:]) or f"see {self._log}"
        return f"see {self._log}"


def furnish(room: Room, settings: Settings, *, certificate: Path | None, key: Path | None) -> str:
    """Have the settings and a certificate where the gateway reads them; the certificate's fingerprint.

    Raises:
        UsageError: the certificate or the key that was given cannot be used.
    """
    from runner.classroom.certificate import context, fingerprint, make, valid_for  # noqa: PLC0415 - an extra

    reader = room.gateway_id
    settings.write(room.settings, reader=reader)
    names = [host.rpartition(":")[0].strip("[]") for host in settings.hosts]
    own, own_key = room.settings / CERTIFICATE, room.settings / KEY
    if certificate is not None and key is not None:
        context(certificate, key)
        pem, private = certificate.read_bytes(), key.read_bytes()
    elif own.exists() and own_key.exists() and valid_for(own.read_bytes(), names):
        return fingerprint(own.read_bytes())
    else:
        pem, private = make(names)
    give(own, pem, reader=reader)
    give(own_key, private, reader=reader)
    return fingerprint(pem)


def listen(address: str, port: int) -> Sockets:
    """Listen where `address` is of this machine alone, there; else wherever it can be reached.

    Raises:
        UsageError: it cannot listen there.
    """
    try:
        if address in {"127.0.0.1", "::1", "localhost"}:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return Sockets(socket.create_server((address, port), family=family, backlog=256))
        if socket.has_dualstack_ipv6():
            made = socket.create_server(
                ("::", port), family=socket.AF_INET6, backlog=256, dualstack_ipv6=True
            )
            return Sockets(made)
        return Sockets(socket.create_server(("", port), backlog=256))
    except (OSError, OverflowError) as error:
        raise UsageError(f"cannot listen on port {port}: {error}", remedy="choose another --port") from error
