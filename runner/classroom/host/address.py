"""The names and addresses of this machine."""

import ipaddress
import re
import socket
from contextlib import suppress

from runner.errors import UsageError

_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")


def hosts(address: str | None, port: int) -> tuple[str, ...]:
    """The host names under which browsers may reach this machine, the displayed one first.

    Raises:
        UsageError: `address` is neither a name nor an IP address.
    """
    name = socket.gethostname()
    shown = plain(address) if address else own_address() or name
    found = [shown, *filter(None, [own_address()]), name, f"{name}.local"]
    suffix = "" if port == 443 else f":{port}"
    names = dict.fromkeys(f"[{host}]" if ":" in host else host.lower() for host in found)
    return tuple(f"{host}{suffix}" for host in names)


def plain(address: str) -> str:
    """The name or address as browsers send it.

    Raises:
        UsageError: it is neither a name nor an IP address.
    """
    with suppress(ValueError):
        return str(ipaddress.ip_address(address.removeprefix("[").removesuffix("]")))
    with suppress(UnicodeError):
        name = address.encode("idna").decode().lower()
        if _NAME.fullmatch(name):
            return name
    raise UsageError(
        f"--address {address}: not the name or the IP address of a machine",
        remedy="write it as in --address room.example, without https:// and the port, which --port sets",
    )


def own_address() -> str:
    """This machine's address in its network; "" if it is in none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""
