"""The protocol between the instructor's screen and the gateway: lines of JSON on a private socket.

The gateway says `status` and `picture`, as they change; the screen says `order`, with the order's name and its `data`.
"""

import json
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.errors import WorkshopError
from runner.json_value import json_value
from runner.language import tr
from runner.record.codec import unpacked
from runner.record.notice import DemoFrame
from runner.teaching.control import ClassStatus, Order, Watch, not_agreed, order_fields

SOCKET = "control.sock"
_AGAIN_SECONDS = 0.5


class RemoteClass:
    """A `ClassControl` over the socket at `path`; it reconnects when the gateway is back."""

    def __init__(self, path: Path, *, title: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._status = ClassStatus(title, trouble=tr("the class's gateway does not answer yet"))
        self._picture: DemoFrame | None = None
        self._socket: socket.socket | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._listen, name="class", daemon=True).start()

    def status(self) -> ClassStatus:
        """The class as it is now."""
        with self._lock:
            return self._status

    def mirrored(self) -> DemoFrame | None:
        """The screen of the watched learner."""
        with self._lock:
            return self._picture

    def give(self, order: Order) -> None:
        """Send an order; the gateway's objection appears in `ClassStatus.trouble`.

        Raises:
            WorkshopError: the order cannot be sent, or the gateway is not there.
        """
        with self._lock:
            status, connection = self._status, self._socket
        if status.over:
            raise WorkshopError(_over())
        if isinstance(order, Watch) and order.learner:
            person = next((one for one in status.people if one.name == order.learner), None)
            if person is not None and not person.mirror:
                raise not_agreed(person.name)
        if connection is None:
            raise WorkshopError(tr("the class's gateway is not there; it is started again: try once more"))
        try:
            connection.sendall(line_of(order_fields(order)))
        except OSError as error:
            raise WorkshopError(
                tr("the class's gateway is not there; it is started again: try once more")
            ) from error

    def close(self) -> None:
        """Close the connection; the class goes on."""
        with self._lock:
            self._closed.set()
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while not self._closed.is_set():
            # A gateway of another version may send kinds that are unknown here.
            with (
                suppress(OSError, ValueError, TypeError),
                socket.socket(socket.AF_UNIX) as connection,
            ):
                connection.connect(str(self._path))
                with self._lock:
                    if self._closed.is_set():
                        return
                    self._socket = connection
                with connection.makefile("rb") as lines:
                    for line in lines:
                        self._take(json_value(line))
            with self._lock:
                self._socket = None
                self._status = _without_gateway(self._status)
            self._closed.wait(_AGAIN_SECONDS)

    def _take(self, said: dict[str, Any]) -> None:
        with self._lock:
            if "status" in said:
                self._status = unpacked(ClassStatus, said["status"])
            elif "picture" in said:
                found = said["picture"]
                self._picture = None if found is None else unpacked(DemoFrame, found)


def _without_gateway(status: ClassStatus) -> ClassStatus:
    if status.over:
        return replace(status, trouble=_over())
    return replace(status, trouble=tr("the class's gateway is not there; it is started again"))


def _over() -> str:
    return tr("the class is over; q leaves this screen")


def line_of(content: dict[str, Any]) -> bytes:
    """A line of the control protocol."""
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"
