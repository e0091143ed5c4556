"""A client of the engine, as it is made from docker's configuration."""

from pathlib import Path

import pytest

from runner.engine.docker.client import Client
from runner.errors import UsageError


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "5", "null", '{"proxies": []}', '{"proxies": {"default": 5}}'),
        '{"auths": {"registry": 5}}',
    ],
)
def test_a_configuration_in_another_form_is_named(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(UsageError, match="not in the form that docker writes") as raised:
        Client(f"unix://{tmp_path}/none.sock")
    assert str(tmp_path / "config.json") in str(raised.value)
    assert "move it away" in raised.value.remedy
