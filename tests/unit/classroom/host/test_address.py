"""The names under which browsers reach this machine."""

import pytest

from runner.classroom.host import address
from runner.classroom.host.address import hosts
from runner.errors import UsageError


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Room.Example", "room.example:8443"),
        ("192.0.2.7", "192.0.2.7:8443"),
        ("2001:db8::7", "[2001:db8::7]:8443"),
        ("[2001:db8::7]", "[2001:db8::7]:8443"),
        ("schön.example", "xn--schn-7qa.example:8443"),
    ],
)
def test_the_given_address_is_the_shown_one_as_browsers_send_it(given: str, shown: str) -> None:
    assert hosts(given, 8443)[0] == shown


def test_the_port_of_https_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "own_address", lambda: "192.0.2.9")
    assert hosts(None, 443)[0] == "192.0.2.9"


@pytest.mark.parametrize("given", ["https://room.example:8443/", "room.example:8443", "a room", "a..b", "."])
def test_what_is_no_address_is_refused_with_the_right_form(given: str) -> None:
    with pytest.raises(UsageError, match="not the name or the IP address") as caught:
        hosts(given, 8443)
    assert "--address room.example" in caught.value.remedy
