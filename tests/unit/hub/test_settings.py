"""A server's settings from its environment."""

from pathlib import Path

import pytest

from runner.errors import UsageError
from runner.hub.settings import BoxPlace, HubSettings, checked_language

GIVEN = {
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:4711/user/ada/",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/",
    "JUPYTERHUB_PUBLIC_URL": "https://Workshop.example:8443/user/ada/",
    "WORKSHOP_RECORD": "/srv/class.sqlite3",
}


def test_the_public_address_decides_what_a_browser_calls_us() -> None:
    found = HubSettings.of(GIVEN)
    assert found.listen == ("127.0.0.1", 4711)
    assert (found.origin, found.host) == ("https://workshop.example:8443", "workshop.example:8443")
    assert found.socket == "wss://workshop.example:8443/user/ada/ws"
    assert found.secure
    plain = HubSettings.of({**GIVEN, "JUPYTERHUB_PUBLIC_URL": "http://localhost:8000/"})
    assert (plain.socket, plain.secure) == ("ws://localhost:8000/user/ada/ws", False)


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_missing_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(UsageError, match=name) as caught:
        HubSettings.of({**GIVEN, name: ""})
    assert caught.value.remedy


def test_a_language_must_be_one_of_the_program_or_of_the_workshop(tmp_path: Path) -> None:
    assert HubSettings.of({**GIVEN, "WORKSHOP_LANGUAGE": "es"}).language == "es"
    with pytest.raises(UsageError, match="'xx'") as caught:
        HubSettings.of({**GIVEN, "WORKSHOP_LANGUAGE": "xx"})
    assert "es" in caught.value.remedy
    (tmp_path / "workshop.toml").touch()
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "one.md").touch()
    assert checked_language("xx", tmp_path) == "xx"


def test_a_box_is_behind_a_link_or_beside_in_a_folder() -> None:
    link = BoxPlace.of({"WORKSHOP_BOX": "7", "WORKSHOP_BOX_LINK": "5", "WORKSHOP_BOX_CHANNEL": "6"})
    assert (link.number, link.link, link.channel, link.folder) == (7, 5, 6, None)
    beside = BoxPlace.of({"WORKSHOP_BOX_FOLDER": "/run/between"})
    assert str(beside.folder) == "/run/between"
    with pytest.raises(UsageError, match="nothing says"):
        BoxPlace.of({})
