"""The sockets on which a class listens."""

import ipaddress
import socket
from dataclasses import dataclass

from runner.classroom import given
from runner.classroom.host.address import plain
from runner.errors import UsageError


@dataclass(frozen=True, slots=True)
class Sockets:
    """The listening sockets, for browsers and for ssh."""

    web: socket.socket
    ssh: socket.socket | None = None

    @property
    def descriptors(self) -> dict[int, int]:
        """Maps each of the gateway's descriptors to the one in this process."""
        found = {given.WEB: self.web.fileno()}
        return found if self.ssh is None else found | {given.SSH: self.ssh.fileno()}

    def close(self) -> None:
        """Close the sockets."""
        self.web.close()
        if self.ssh is not None:
            self.ssh.close()


def listen(address: str, port: int, ssh_port: int = 0) -> Sockets:
    """Listen at `address` if it is this machine's own loopback, else at every address.

    Raises:
        UsageError: the port cannot be listened at, or the address is none.
    """
    address = plain(address).removesuffix(".") if address else ""
    web = _listen(address, port, "--port")
    return Sockets(web, _listen(address, ssh_port, "--ssh-port") if ssh_port else None)


def _listen(address: str, port: int, option: str) -> socket.socket:
    try:
        if _is_own(address):
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


def _is_own(address: str) -> bool:
    """True for an address that no other machine can reach."""
    try:
        return ipaddress.IPv4Address(address).is_loopback
    except ValueError:
        return address in {"::1", "localhost"}
