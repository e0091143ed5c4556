"""`runner.engine.docker.configuration`: the configuration that a client is made from."""

from pathlib import Path

import pytest

from runner.engine.docker.client import Client
from runner.errors import UsageError


@pytest.mark.parametrize(
    ("text", "what"),
    [
        *((text, "it is not an object") for text in ("[]", "5", "null")),
        *((f'{{"proxies": {value}}}', '"proxies"') for value in ("[]", '{"default": 5}', "null")),
        *(
            (f'{{"HttpHeaders": {value}}}', '"HttpHeaders"')
            for value in (
                "5",
                "null",
                '["a"]',
                '"a"',
                '{"a": 5}',
                '{"a": "b\\nc"}',
                '{"a b:": "c"}',
                '{"a": "\u2713"}',
            )
        ),
        pytest.param("[" * 100_000, "nested too deeply", id="deep"),
        ('{"detachKeys": 5}', '"detachKeys"'),
        ('{"credsStore": 5}', '"credsStore"'),
        ('{"credHelpers": {"registry": 5}}', '"credHelpers"'),
        *(
            (f'{{"auths": {value}}}', '"auths"')
            for value in (
                "5",
                "[1]",
                '{"registry": 5}',
                '{"registry": {"auth": 5}}',
                '{"registry": {"auth": "YQ=="}}',
                '{"registry": {"auth": "\u2713"}}',
            )
        ),
    ],
)
def test_a_configuration_in_another_form_is_named(
    text: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(UsageError, match="not in the form that docker writes") as raised:
        Client(f"unix://{tmp_path}/none.sock")
    assert str(tmp_path / "config.json") in str(raised.value)
    assert what in str(raised.value)
    assert "move it away" in raised.value.remedy


def test_a_fault_of_the_program_is_not_blamed_on_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text('{"auths": {"registry": {}}}')

    def broken(*_: object) -> None:
        raise TypeError

    monkeypatch.setattr(Client, "mount", broken)
    with pytest.raises(TypeError):
        Client(f"unix://{tmp_path}/none.sock")


def test_headers_that_docker_writes_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text(
        '{"HttpHeaders": {"X-Meta": "a: b", "Y": ""}, "detachKeys": "ctrl-a"}'
    )
    with Client(f"unix://{tmp_path}/none.sock", version="1.41") as client:
        assert client.endpoint.endswith("none.sock")
