"""JSON in one packet each, with descriptors: how the processes around a box speak to each other."""

import json
import os
import socket
from collections.abc import Mapping
from typing import Any

from runner.json_value import json_value

LONGEST = 4096
"""Bytes of a packet; the rest of a longer one is lost."""


def send(link: socket.socket, message: Mapping[str, Any], *descriptors: int) -> None:
    """Send a message.

    Raises:
        OSError: the other end is gone, or does not take it in time.
    """
    socket.send_fds(link, [json.dumps(message).encode()], descriptors)


def receive(link: socket.socket, most: int = 0) -> tuple[Any, list[int]]:
    """The next message, with at most so many descriptors, which are the caller's to close; None for the link's end.

    Raises:
        OSError: none can be received, or none comes in time.
        ValueError: the packet is not JSON.
    """
    packet, descriptors, _, _ = socket.recv_fds(link, LONGEST, most)
    if not packet:
        return None, descriptors
    try:
        return json_value(packet), descriptors
    except ValueError as error:
        for descriptor in descriptors:
            os.close(descriptor)
        raise ValueError("a packet that is not JSON") from error
