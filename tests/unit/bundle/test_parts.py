"""The parts of a bundle that come from elsewhere, and what keeps them from coming."""

import sys

import pytest

from runner.bundle import engine_packages, wheels
from runner.errors import EngineError, WorkshopError


def test_a_python_without_pip_is_told_how_to_get_it(tmp_path, monkeypatch):
    """As in an environment that uv has made."""
    monkeypatch.setattr(wheels, "find_spec", lambda _name: None)
    with pytest.raises(WorkshopError, match="has no pip") as caught:
        wheels.collect(tmp_path, print)
    assert f"{sys.executable} -m ensurepip" in caught.value.remedy


def test_a_damaged_package_is_named(tmp_path, monkeypatch):
    broken = tmp_path / "docker.io_1_amd64.deb"
    broken.write_bytes(b"half")
    monkeypatch.setattr(engine_packages, "names", lambda: ("docker.io",))
    monkeypatch.setattr(engine_packages, "download", lambda *_: [broken])
    with pytest.raises(
        EngineError, match=r"docker\.io_1_amd64\.deb was downloaded, and cannot be read"
    ) as caught:
        engine_packages.collect(tmp_path, print)
    assert caught.value.remedy
