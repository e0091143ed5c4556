"""The Hub's request to the box starter: the link and the channel of one learner's box."""

import socket
from dataclasses import dataclass
from pathlib import Path

from runner.box.packet import receive, send
from runner.errors import EngineError

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class BoxLink:
    """A learner's box: its number, the link to its starter, and the socket that its app connects to."""

    number: int
    link: socket.socket
    channel: socket.socket

    def __enter__(self) -> "BoxLink":
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()
        self.channel.close()


def ask_for_box(starter: Path, learner: str) -> BoxLink:
    """Ask for the box of a learner; from now on only the caller has it.

    Raises:
        EngineError: no box is available; the message says why.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.settimeout(_SECONDS)
            line.connect(str(starter))
            send(line, {"learner": learner})
            said, descriptors = receive(line, 2)
    except OSError as error:
        raise EngineError(
            f"the starter of boxes does not answer at {starter}: {error.strerror or error}",
            remedy="start it as root: python -m runner.hub.box_host",
        ) from error
    said = said or {}
    if len(descriptors) != 2:
        raise EngineError(str(said.get("refused", "the starter of boxes gave no box")))
    link, channel = (socket.socket(fileno=one) for one in descriptors)
    return BoxLink(int(said["number"]), link, channel)
