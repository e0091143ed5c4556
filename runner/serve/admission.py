"""Admission of browsers: an address works once, for one browser, which a cookie identifies from then on."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Guest:
    """A browser that was let in; `folder` holds its files between sessions."""

    number: int
    folder: Path


class Admission:
    """Exchanges the current token for a cookie's secret; a guest is identified by that secret alone."""

    def __init__(self, folder: Path, announce: Callable[[str], None]) -> None:
        """Let guests in; `announce` is called with each new token.

        The first guest has the folder `1` below `folder`, the next `2`: so a guest who returns to a new server goes on.
        """
        self._folder = folder
        self._announce = announce
        self._guests: dict[str, Guest] = {}
        self._token = ""

    def open(self) -> None:
        """Announce a token; from now on one more browser can come in."""
        self._token = secrets.token_urlsafe(32)
        self._announce(self._token)

    def enter(self, token: str) -> str | None:
        """The secret of a new guest if `token` is the current one, which is then replaced."""
        if not self._token or not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        secret = secrets.token_urlsafe(32)
        number = len(self._guests) + 1
        guest = Guest(number, self._folder / str(number))
        guest.folder.mkdir(mode=0o700, exist_ok=True)
        self._guests[secret] = guest
        self.open()
        return secret

    def guest(self, secret: str) -> Guest | None:
        """The guest with this cookie's secret."""
        return self._guests.get(secret)
