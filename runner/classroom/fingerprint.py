"""Fingerprints in the form that browsers, ssh and the instructor's screen show."""

import hashlib
from base64 import b64encode


def of_certificate(der: bytes) -> str:
    """The SHA-256 fingerprint of a certificate in DER form, as browsers show it."""
    return hashlib.sha256(der).digest().hex(":").upper()


def of_ssh_key(public: bytes) -> str:
    """The fingerprint of a public key in ssh's wire format, as ssh shows it."""
    return f"SHA256:{b64encode(hashlib.sha256(public).digest()).decode().rstrip('=')}"


def in_two_lines(fingerprint: str) -> tuple[str, str]:
    """A certificate's fingerprint in two halves, which fit on a narrow screen and are easier to compare."""
    return fingerprint[:48], fingerprint[48:]
