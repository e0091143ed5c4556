"""The names and addresses of this machine."""

import socket


def hosts(address: str | None, port: int) -> tuple[str, ...]:
    """The host names under which browsers may reach this machine, the displayed one first."""
    name = socket.gethostname()
    found = [address or own_address() or name, *filter(None, [own_address()]), name, f"{name}.local"]
    suffix = "" if port == 443 else f":{port}"
    names = dict.fromkeys(f"[{host}]" if ":" in host else host.lower() for host in found)
    return tuple(f"{host}{suffix}" for host in names)


def own_address() -> str:
    """This machine's address in its network; "" if it is in none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""
