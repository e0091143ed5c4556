"""The key by which ssh knows a class's server."""

import subprocess
from pathlib import Path

import pytest

from runner.classroom import ssh_key


def test_its_fingerprint_is_the_one_that_ssh_shows(tmp_path: Path) -> None:
    key = ssh_key.make()
    assert key != ssh_key.make()
    file = tmp_path / "key"
    file.write_bytes(key)
    file.chmod(0o600)
    told = subprocess.run(["ssh-keygen", "-lf", str(file)], check=True, capture_output=True, text=True).stdout
    assert told.split()[1] == ssh_key.fingerprint(key)
    assert "ED25519" in told


def test_an_invalid_key_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"."):
        ssh_key.fingerprint(b"nonsense")
