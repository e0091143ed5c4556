"""The key by which ssh knows a class's server."""

from base64 import b64decode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from runner.classroom.fingerprint import of_ssh_key


def make() -> bytes:
    """A new key, in OpenSSH's form."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def fingerprint(key: bytes) -> str:
    """What ssh shows of the key when it does not know the server.

    Raises:
        ValueError: it is no key.
    """
    public = load_ssh_private_key(key, password=None).public_key()
    return of_ssh_key(b64decode(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1]))
