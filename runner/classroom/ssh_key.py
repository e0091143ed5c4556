"""The host key of a class's ssh server."""

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
    """The key's fingerprint, in the form that ssh shows for an unknown server.

    Raises:
        ValueError: the text is not a key.
    """
    public = load_ssh_private_key(key, password=None).public_key()
    return of_ssh_key(b64decode(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1]))
