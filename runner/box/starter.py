"""The privileged process of a class: it starts and ends boxes for the gateway, and reads no learner's data.

The gateway asks `open` (with a terminal's size), `repaint`, `close` and `forget` (delete the learner's files), each
with a box's number; the answers are `open` (with the descriptor of the terminal), `failed` or `ended`. It says `ready`
when learners can come. Boxes outlive a gateway: the next one asks for them again.
"""

import os
import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from runner.box.box import Content, open_box
from runner.box.keeper import Kept, keep
from runner.box.packet import receive, send
from runner.box.resources import SEATS, ClassResources
from runner.errors import EngineError
from runner.terminal.size import Size

_PATIENCE = 10.0
"""Seconds that a gateway has to take an answer."""


@dataclass(slots=True)
class _Box:
    kept: Kept
    terminal: int | None = None
    """The descriptor of its terminal's outer end, once it is open."""
    closing: bool = False
    forgotten: bool = False
    """True if its files are to be deleted with it."""
    wanted: Size | None = None
    """The terminal size of the box that is to be opened in its place."""

    def close(self) -> None:
        self.kept.link.close()
        if self.terminal is not None:
            os.close(self.terminal)


class Starter:
    """The boxes of a class."""

    def __init__(self, resources: ClassResources, content: Content, *, only: int | None = None) -> None:
        """Start boxes for the numbers of all seats, or for the number `only`."""
        self._only = only
        self._resources = resources
        self._content = content
        self._boxes: dict[int, _Box] = {}
        self._gateway: socket.socket | None = None
        self._ready: Callable[[], None] = lambda: None
        self._selector = selectors.DefaultSelector()

    def serve(self, gateway: socket.socket, ready: Callable[[], None] = lambda: None) -> None:
        """Serve this gateway until it disconnects; `ready` is called when it reports that learners can come."""
        gateway.settimeout(_PATIENCE)
        self._gateway, self._ready = gateway, ready
        self._selector.register(gateway, selectors.EVENT_READ)
        try:
            while self._gateway is not None:
                for key, _ in self._selector.select():
                    if key.fileobj is gateway:
                        self._hear_gateway(gateway)
                    elif key.data in self._boxes:
                        self._hear_box(key.data)
        finally:
            self._selector.unregister(gateway)
            self._gateway = None

    def close(self) -> None:
        """End every box, and wait until all are gone."""
        for box in self._boxes.values():
            box.kept.end()
        for number, box in self._boxes.items():
            os.waitpid(box.kept.pid, 0)
            box.close()
            if box.forgotten:
                self._resources.forget(number)
        self._boxes.clear()
        self._selector.close()

    def _hear_gateway(self, gateway: socket.socket) -> None:
        with suppress(ValueError):
            try:
                asked, _ = receive(gateway)
            except OSError:
                asked = None
            if asked is None:
                self._gateway = None
            else:
                self._do(asked)

    def _do(self, asked: Any) -> None:
        match asked:
            case {"do": "open", "box": int(number), "columns": int(columns), "rows": int(rows)}:
                if self._is_seat(number):
                    self._open(number, Size.of(columns, rows))
            case {"do": "ready"}:
                self._ready()
            case {"do": "repaint", "box": int(number)} if number in self._boxes:
                self._boxes[number].kept.repaint()
            case {"do": "close", "box": int(number)} if number in self._boxes:
                self._close(self._boxes[number])
            case {"do": "forget", "box": int(number)} if self._is_seat(number):
                self._forget(number)

    def _is_seat(self, number: int) -> bool:
        return number == self._only if self._only is not None else 1 <= number <= SEATS

    def _open(self, number: int, size: Size) -> None:
        """Start the box; for one that runs already, answer again."""
        if (box := self._boxes.get(number)) is not None:
            if box.closing:
                box.wanted = size
            elif box.terminal is not None:
                self._tell({"box": number, "is": "open"}, box.terminal)
            return
        resources, content = self._resources, self._content
        try:
            kept = keep(
                lambda opened: open_box(resources, number, content, size, opened),
                resources.group(number).clear,
            )
        except EngineError as error:
            # The others' boxes go on.
            self._tell({"box": number, "is": "failed", "why": str(error), "next": error.remedy})
            return
        self._boxes[number] = _Box(kept)
        self._selector.register(kept.link, selectors.EVENT_READ, number)

    def _forget(self, number: int) -> None:
        if (box := self._boxes.get(number)) is None:
            self._resources.forget(number)
        else:
            box.forgotten = True
            self._close(box)

    @staticmethod
    def _close(box: _Box) -> None:
        """End a box, and drop the request for its successor."""
        box.closing, box.wanted = True, None
        box.kept.end()

    def _hear_box(self, number: int) -> None:
        box = self._boxes[number]
        try:
            said, descriptors = receive(box.kept.link, 1)
        except OSError:
            said, descriptors = None, []
        killed = said is None
        if killed:
            said = {"is": "ended", "status": -9}
        if said["is"] == "open":
            box.terminal = descriptors[0]
            if not box.closing:
                # Otherwise callers that wait for this box's number would wait for the next one.
                self._tell({"box": number, **said}, box.terminal)
            return
        self._selector.unregister(box.kept.link)
        del self._boxes[number]
        os.waitpid(box.kept.pid, 0)
        box.close()
        if killed:
            # Its keeper was killed, and has not cleaned up.
            self._resources.group(number).clear()
        if box.forgotten:
            self._resources.forget(number)
        self._tell({"box": number, **said, **({"reopens": True} if box.wanted else {})})
        if box.wanted is not None:
            self._open(number, box.wanted)

    def _tell(self, message: dict[str, Any], *descriptors: int) -> None:
        if self._gateway is None:
            return
        try:
            send(self._gateway, message, *descriptors)
        except OSError:
            self._gateway = None
