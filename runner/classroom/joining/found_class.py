"""The class at an address: its certificate, and TLS connections that verify it."""

import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from runner.classroom.fingerprint import of_certificate
from runner.errors import UsageError, WorkshopError
from runner.pace import MACHINE

SECONDS = 10.0
"""Seconds that a class has to answer."""
_PORT = 8443
_ANY_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name."""


@dataclass(frozen=True, slots=True)
class FoundClass:
    """A class at `origin`; `certificate` is the one that its server showed and must show again.

    It is None if this machine's own trust store is enough to verify the class.
    """

    origin: str
    certificate: bytes | None

    @property
    def fingerprint(self) -> str:
        """The certificate's fingerprint, as the instructor's screen shows it; "" if nobody needs to compare it."""
        return "" if self.certificate is None else of_certificate(self.certificate)

    @property
    def tls(self) -> ssl.SSLContext:
        """A TLS context that verifies this class: by its exact certificate, or by this machine's trust store."""
        if self.certificate is None:
            return ssl.create_default_context()
        context = ssl.create_default_context(cadata=self.certificate)
        # The exact certificate was compared, so its names, its signer and its dates do not matter: a learner's clock
        # may be wrong by years.
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _ANY_TIME
        return context


def look(address: str, *, pinned: bool = False) -> FoundClass:
    """The class at an address as people write it: with or without https:// and a port.

    With `pinned`, its certificate is compared even if this machine trusts its signer.

    Raises:
        UsageError: the text is not an address.
        WorkshopError: nothing answers there, or not with TLS.
    """
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host, port = parts.hostname, parts.port or (443 if "://" in address else _PORT)
    except ValueError:
        host, port = None, 0
    else:
        host = host if parts.scheme == "https" else None
    if not host:
        raise UsageError(
            f"{address!r} is not the address of a class", remedy="it looks like https://192.0.2.7:8443/"
        )
    shown = f"[{host}]" if ":" in host else host
    origin = f"https://{shown}" if port == 443 else f"https://{shown}:{port}"
    try:
        return FoundClass(origin, _certificate(host, port, pinned=pinned))
    except (OSError, UnicodeError) as error:
        raise WorkshopError(
            f"there is no class at {origin}: {getattr(error, 'strerror', None) or error}",
            remedy="compare the address with the instructor's screen, and see that you are in the same network",
        ) from error


def _certificate(host: str, port: int, *, pinned: bool) -> bytes | None:
    """The server's certificate; unless `pinned`, None if this machine trusts its signer."""
    for context in (_blind(),) if pinned else (ssl.create_default_context(), _blind()):
        with socket.create_connection((host, port), timeout=MACHINE.stretched(SECONDS)) as plain:
            try:
                with context.wrap_socket(plain, server_hostname=host) as secure:
                    return None if context.verify_mode else secure.getpeercert(binary_form=True)
            except ssl.SSLCertVerificationError:
                continue
    return None


def _blind() -> ssl.SSLContext:
    """A TLS context for a first look only: the certificate is compared before anything is sent."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
