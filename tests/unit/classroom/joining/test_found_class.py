"""Errors for an address at which there is no class."""

import pytest

from runner.classroom.joining.found_class import look
from runner.errors import UsageError, WorkshopError


@pytest.mark.parametrize("address", ["", "https://", "http://192.0.2.7", "ftp://x", "x:y", "https://[::1"])
def test_invalid_addresses_are_refused(address: str) -> None:
    with pytest.raises(UsageError, match="not the address of a class"):
        look(address)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example", "127.0.0.1:1"])
def test_an_address_without_a_class(host: str) -> None:
    with pytest.raises(WorkshopError, match="there is no class at"):
        look(host)
