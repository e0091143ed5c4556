"""Errors for an address at which there is no class."""

import datetime as dt
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from runner.classroom import certificate
from runner.classroom.joining.found_class import FoundClass, look
from runner.errors import UsageError, WorkshopError
from tests.unit.classroom.bare_certificate import bare_certificate


@pytest.mark.parametrize("address", ["", "https://", "http://192.0.2.7", "ftp://x", "x:y", "https://[::1"])
def test_invalid_addresses_are_refused(address: str) -> None:
    with pytest.raises(UsageError, match="not the address of a class"):
        look(address)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example", "127.0.0.1:1"])
def test_an_address_without_a_class(host: str) -> None:
    with pytest.raises(WorkshopError, match="there is no class at"):
        look(host)


def shaken(pem: bytes, private: bytes, known: bytes, folder: Path) -> None:
    """One TLS handshake with a server that shows a certificate, by a client to which another one, in PEM, is known."""
    (folder / "c.pem").write_bytes(pem)
    (folder / "k.pem").write_bytes(private)
    context = certificate.context(folder / "c.pem", folder / "k.pem")
    ours, theirs = socket.socketpair()

    def answer() -> None:
        with suppress(OSError), context.wrap_socket(theirs, server_side=True) as secure:
            secure.recv(1)

    server = threading.Thread(target=answer)
    server.start()
    found = FoundClass("https://192.0.2.7:8443", ssl.PEM_cert_to_DER_cert(known.decode()))
    try:
        with found.tls.wrap_socket(ours, server_hostname="192.0.2.7"):
            pass
    finally:
        ours.close()
        server.join()


@pytest.mark.parametrize(("begins", "ends"), [(-9, -2), (2, 9), (-2, 9)])
def test_a_compared_certificate_counts_whatever_the_clock(tmp_path: Path, begins: int, ends: int) -> None:
    made = bare_certificate(begins=dt.timedelta(days=begins), ends=dt.timedelta(days=ends))
    shaken(*made, known=made[0], folder=tmp_path)


def test_another_certificate_is_refused(tmp_path: Path) -> None:
    days = {"begins": dt.timedelta(days=-1), "ends": dt.timedelta(days=9)}
    known, _ = bare_certificate(**days)
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(*bare_certificate(**days), known=known, folder=tmp_path)
