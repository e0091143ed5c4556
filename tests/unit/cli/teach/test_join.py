"""Joining a class: which certificate counts."""

import argparse
import datetime as dt
import hashlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from ipaddress import ip_address
from pathlib import Path
from socket import create_connection, create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from runner.classroom.joining.membership import Membership
from runner.cli.teach.join import _file, _found
from runner.errors import WorkshopError

NOW = dt.datetime.now(dt.UTC)
HOST = "127.0.0.1"


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


class Authority:
    """A certificate authority that this machine trusts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = self._save("authority", self._signed("authority", self._key, authority=True))

    def _signed(self, who: str, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> bytes:
        made = (
            x509.CertificateBuilder(
                name("authority"), name(who), key.public_key(), x509.random_serial_number()
            )
            .not_valid_before(NOW - dt.timedelta(days=1))
            .not_valid_after(NOW + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        )
        return made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _save(self, what: str, content: bytes) -> Path:
        path = self._folder / f"{what}.pem"
        path.write_bytes(content)
        return path

    def server(self, who: str) -> tuple[ssl.SSLContext, str]:
        """A server's certificate, and its fingerprint."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(who, key, authority=False)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._save(who, certificate + secret))
        shown = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.decode())).hexdigest().upper()
        return context, shown


class Server:
    """Shakes hands with anyone, as `context` says."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self._socket = create_server((HOST, 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._socket.accept()
                with suppress(OSError), closing(self.context.wrap_socket(plain, server_side=True)) as line:
                    line.recv(1)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    found = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found.file))
    return found


@pytest.fixture
def server(authority: Authority) -> Iterator[tuple[Server, str]]:
    context, fingerprint = authority.server("class")
    with closing(Server(context)) as server:
        yield server, fingerprint


def told(port: int, fingerprint: str | None) -> argparse.Namespace:
    return argparse.Namespace(address=f"{HOST}:{port}", fingerprint=fingerprint)


def shakes_hands(context: ssl.SSLContext, port: int) -> None:
    with (
        create_connection((HOST, port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=HOST),
    ):
        pass


def test_a_vouched_certificate_needs_no_comparison(server):
    found, before = _found(told(server[0].port, None))
    assert not found.fingerprint
    assert before is None
    shakes_hands(found.tls, server[0].port)


def test_a_fingerprint_counts_whatever_authority_vouches(server):
    with pytest.raises(WorkshopError, match="another fingerprint"):
        _found(told(server[0].port, "00:" * 31 + "00"))


def test_only_the_certificate_that_was_compared_counts_from_then_on(server, authority):
    """The same authority may vouch for an attacker in between."""
    line, fingerprint = server
    found, _ = _found(told(line.port, fingerprint.lower()))
    assert found.fingerprint.replace(":", "") == fingerprint
    shakes_hands(found.tls, line.port)
    line.context = authority.server("between")[0]
    with pytest.raises(ssl.SSLCertVerificationError):
        shakes_hands(found.tls, line.port)


def test_a_fingerprint_also_counts_for_an_earlier_member(server):
    line, fingerprint = server
    member = Membership(f"https://{HOST}:{line.port}", "", "Ada", "secret")
    member.write(_file())
    with pytest.raises(WorkshopError, match="another fingerprint"):
        _found(told(line.port, "00"))
    assert _found(told(line.port, fingerprint))[1] == member


def test_the_first_comparison_counts_on_return(server, authority, monkeypatch):
    line, fingerprint = server
    found, _ = _found(told(line.port, fingerprint))
    member = Membership(found.origin, found.fingerprint, "Ada", "secret")
    member.write(_file())
    assert _found(told(line.port, None)) == (found, member)
    line.context = authority.server("between")[0]
    monkeypatch.setattr("runner.cli.teach.join.agreed", lambda *_, **__: False)
    with pytest.raises(WorkshopError, match="not joined"):
        _found(told(line.port, None))
