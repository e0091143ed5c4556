"""A class's own certificate."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from runner.classroom import certificate
from runner.errors import UsageError
from tests.unit.classroom.bare_certificate import bare_certificate


def test_it_is_for_its_names_and_its_fingerprint_is_the_one_that_browsers_show(tmp_path: Path) -> None:
    pem, key = certificate.make(["192.0.2.7", "lab.example"])
    assert certificate.valid_for(pem, ["192.0.2.7"])
    assert not certificate.valid_for(pem, ["192.0.2.8"])
    (tmp_path / "c.pem").write_bytes(pem)
    shown = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "c.pem", "-noout", "-fingerprint", "-sha256"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert certificate.fingerprint(pem) == shown.strip().partition("=")[2]
    (tmp_path / "k.pem").write_bytes(key)
    certificate.context(tmp_path / "c.pem", tmp_path / "k.pem")


def test_one_that_is_about_to_expire_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "_DAYS", 0.5)
    pem, _ = certificate.make(["a.example"])
    assert not certificate.valid_for(pem, ["a.example"])


def test_a_key_of_another_certificate_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_bytes(certificate.make(["a.example"])[0])
    (tmp_path / "k.pem").write_bytes(certificate.make(["a.example"])[1])
    with pytest.raises(UsageError, match="cannot be used"):
        certificate.context(tmp_path / "c.pem", tmp_path / "k.pem")
    with pytest.raises(UsageError, match="not a certificate"):
        certificate.fingerprint(b"nonsense")


def test_one_that_names_no_address_is_made_anew() -> None:
    """The class may have been given one for its last start."""
    plain, _ = bare_certificate(begins=dt.timedelta(days=-1), ends=dt.timedelta(days=9))
    assert not certificate.valid_for(plain, ["room"])


def test_nobody_is_asked_for_a_keys_passphrase(tmp_path: Path) -> None:
    """The gateway, which uses the key later, has no terminal."""
    pem, private = certificate.make(["a.example"])
    key = serialization.load_pem_private_key(private, None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    (tmp_path / "c.pem").write_bytes(pem)
    (tmp_path / "k.pem").write_bytes(locked)
    program = (
        "import pathlib, sys\n"
        "from runner.classroom import certificate\n"
        "certificate.context(*map(pathlib.Path, sys.argv[1:]))"
    )
    # Without a terminal, the passphrase would be read from the standard input.
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "c.pem", tmp_path / "k.pem"],
        input="secret\n",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 1
    assert "cannot be used with the key" in done.stderr
