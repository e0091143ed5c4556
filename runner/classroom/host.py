"""The root of a class: makes what it needs, starts the gateway without privileges, and starts it again if it dies."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from runner.box.box import Content
from runner.box.keeper import Kept, keep
from runner.box.room import Room
from runner.box.starter import Starter
from runner.classroom import certificate as certificates
from runner.classroom import gateway
from runner.classroom.enclosure import enclosed
from runner.classroom.settings import CERTIFICATE, KEY, SSH_KEY, Marks, Settings, give
from runner.engine.private.namespaces import Enclosed
from runner.errors import EngineError, UsageError

_QUICK, _MOST = 60.0, 5
"""A gateway that dies so often in so many seconds is not started again."""

_LONGEST_LOG = 1 << 20


@dataclass(frozen=True, slots=True)
class Sockets:
    """Where the class listens."""

    web: socket.socket
    ssh: socket.socket | None = None

    @property
    def descriptors(self) -> dict[int, int]:
        """Those of the gateway, each with the one here."""
        found = {gateway.WEB: self.web.fileno()}
        return found if self.ssh is None else found | {gateway.SSH: self.ssh.fileno()}

    def close(self) -> None:
        """Listen no more."""
        self.web.close()
        if self.ssh is not None:
            self.ssh.close()


class Host:
    """Holds a class in a room; `lock` is the room's."""

    def __init__(self, room: Room, content: Content, settings: Settings, sockets: Sockets) -> None:
        self._room, self._content, self._settings, self._sockets = room, content, settings, sockets
        self._starter = Starter(room, content)
        self._log = room.run / "gateway.log"
        self._log.unlink(missing_ok=True)
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
        full = self._log.exists() and self._log.stat().st_size > _LONGEST_LOG
        with ours, theirs, self._log.open("wb" if full else "ab") as log:
            descriptors = {
                1: log.fileno(),
                2: log.fileno(),
                gateway.LINK: theirs.fileno(),
                **self._sockets.descriptors,
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


def furnish(room: Room, settings: Settings, *, certificate: Path | None, key: Path | None) -> Settings:
    """Have the settings and keys where the gateway reads them; the settings with the marks of what is the class's own.

    Raises:
        UsageError: the certificate or the key that was given cannot be used.
    """
    reader = room.gateway_id
    if certificate is not None and key is not None:
        certificates.context(certificate, key)
        give(room.settings / CERTIFICATE, certificate.read_bytes(), reader=reader)
        give(room.settings / KEY, key.read_bytes(), reader=reader)
        own = ""
    else:
        own = _own_certificate(room, settings, reader=reader)
    ssh = _ssh_key(room.settings / SSH_KEY, reader=reader) if settings.ssh_port else ""
    complete = replace(settings, marks=Marks(own, ssh))
    complete.write(room.settings, reader=reader)
    return complete


def _own_certificate(room: Room, settings: Settings, *, reader: int) -> str:
    """The fingerprint of the class's own certificate, which is made if there is none that will do."""
    file, key = room.settings / CERTIFICATE, room.settings / KEY
    names = settings.names
    if not (file.exists() and key.exists() and certificates.valid_for(file.read_bytes(), names)):
        pem, private = certificates.make(names)
        give(file, pem, reader=reader)
        give(key, private, reader=reader)
    return certificates.fingerprint(file.read_bytes())


def _ssh_key(file: Path, *, reader: int) -> str:
    """The fingerprint of the class's own key, which is made if it is not there."""
    from runner.classroom import ssh  # noqa: PLC0415 - an extra

    if not file.exists():
        give(file, ssh.new_key(), reader=reader)
    return ssh.fingerprint(file.read_bytes())


def listen(address: str, port: int, ssh_port: int = 0) -> Sockets:
    """Listen where `address` is of this machine alone, there; else wherever it can be reached.

    Raises:
        UsageError: it cannot listen there.
    """
    web = _listen(address, port, "--port")
    return Sockets(web, _listen(address, ssh_port, "--ssh-port") if ssh_port else None)


def _listen(address: str, port: int, option: str) -> socket.socket:
    try:
        if address in {"127.0.0.1", "::1", "localhost"}:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return socket.create_server((address, port), family=family, backlog=256)
        if socket.has_dualstack_ipv6():
            return socket.create_server(
                ("::", port), family=socket.AF_INET6, backlog=256, dualstack_ipv6=True
            )
        return socket.create_server(("", port), backlog=256)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot listen on port {port}: {error}", remedy=f"choose another {option}"
        ) from error
