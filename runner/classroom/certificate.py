"""A class's own certificate. Browsers do not trust it: people compare its fingerprint."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from runner.classroom.fingerprint import of_certificate
from runner.errors import UsageError

_DAYS = 30
_EARLIER = dt.timedelta(days=1)
"""The time before now from which a certificate is valid: learners' clocks may be slow."""


def make(names: Sequence[str]) -> tuple[bytes, bytes]:
    """A self-signed certificate for these names and addresses, and its key, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "seccomp-workshop class")])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + dt.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def valid_for(pem: bytes, names: Sequence[str]) -> bool:
    """True if an earlier certificate is valid today for all of these names."""
    certificate = x509.load_pem_x509_certificate(pem)
    day = dt.timedelta(days=1)
    now = dt.datetime.now(dt.UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - day:
        return False
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        # The class may have been given one for its last start.
        return False
    return all(_general(name) in list(found) for name in names)


def fingerprint(pem: bytes) -> str:
    """A certificate's SHA-256 fingerprint, in the form that browsers show.

    Raises:
        UsageError: the text is not a certificate.
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise UsageError(f"this is not a certificate in PEM form: {error}") from error
    return of_certificate(certificate.public_bytes(serialization.Encoding.DER))


def context(certificate: Path, key: Path) -> ssl.SSLContext:
    """A TLS context for a server with this certificate.

    Raises:
        UsageError: the files do not belong together, or cannot be read.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # With a password, even an empty one, nobody is asked for one at the terminal.
        made.load_cert_chain(certificate, key, password="")
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"the certificate {certificate} cannot be used with the key {key}: {error}",
            remedy="give both in PEM form, the key without a passphrase",
        ) from error
    return made


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
