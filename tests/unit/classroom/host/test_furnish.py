"""What a class's gateway gets from root."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from runner.classroom.host import furnish as furnishing
from runner.classroom.host.furnish import furnish
from runner.classroom.settings import CERTIFICATE, KEY, SSH_KEY, Settings

SETTINGS = Settings("A class", "Grace", 2, ("192.0.2.7:8443",), "ABCD-2345", "WXYZ-6789", ssh_port=2222)


@pytest.fixture
def furnished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that furnishes the class in `tmp_path`, as any user."""

    def give(file: Path, content: bytes, *, reader: int) -> None:
        file.write_bytes(content)

    monkeypatch.setattr(furnishing, "give", give)
    monkeypatch.setattr("runner.classroom.settings.give", give)
    resources: Any = SimpleNamespace(settings=tmp_path, gateway_id=0)
    return lambda: furnish(resources, SETTINGS, certificate=None, key=None)


def test_a_class_keeps_its_certificate_and_key(furnished: Any) -> None:
    assert furnished().marks == furnished().marks


@pytest.mark.parametrize("name", [CERTIFICATE, KEY, SSH_KEY])
def test_what_a_loss_of_power_has_emptied_is_made_anew(furnished: Any, tmp_path: Path, name: str) -> None:
    before = furnished().marks
    (tmp_path / name).write_bytes(b"")
    after = furnished().marks
    assert (after.ssh != before.ssh, after.certificate != before.certificate) == (
        name == SSH_KEY,
        name != SSH_KEY,
    )
    assert furnished().marks == after
