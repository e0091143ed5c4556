"""The settings that the Hub gives a server in its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from runner import language
from runner.errors import UsageError

RECORD, TITLE, INSTRUCTOR = "WORKSHOP_RECORD", "WORKSHOP_TITLE", "WORKSHOP_INSTRUCTOR"
LANGUAGE = "WORKSHOP_LANGUAGE"
"""The code of the language of pages and of the instructor's screen, such as es."""
WORKSHOP = "WORKSHOP_FOLDER"
"""The folder of the workshop that is taught, if it is not the delivered one."""
BOX, BOX_SOCKET, CHANNEL_SOCKET = "WORKSHOP_BOX", "WORKSHOP_BOX_LINK", "WORKSHOP_BOX_CHANNEL"
"""The number of a learner's box, and the descriptors of the link to its starter and of its channel's socket."""
FOLDER = "WORKSHOP_BOX_FOLDER"
"""Without a starter: the folder that a learner's box shares with their server."""


@dataclass(frozen=True, slots=True)
class HubSettings:
    """`prefix` is this server's path, `public` the public address, `listen` the address that the proxy connects to.

    `record` is the store of events: a file, or the address of a database.
    """

    prefix: str
    public: str
    listen: tuple[str, int]
    record: str
    title: str = "Workshop"
    instructor: str = ""
    language: str = ""

    @property
    def origin(self) -> str:
        """The origin of this server's pages, as browsers name it."""
        parts = urlsplit(self.public)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def host(self) -> str:
        """The name that browsers have for this host, with its port if it is not the default."""
        return urlsplit(self.public).netloc.lower()

    @property
    def secure(self) -> bool:
        """True if all traffic with browsers is encrypted."""
        return self.public.startswith("https:")

    @property
    def socket(self) -> str:
        """The address of the terminal's connection."""
        return f"{'wss' if self.secure else 'ws'}://{self.host}{self.prefix}ws"

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "HubSettings":
        """The settings in an environment.

        Raises:
            UsageError: a setting is missing, or nothing is available in the language.
        """
        service = urlsplit(_required(environ, "JUPYTERHUB_SERVICE_URL", "have JupyterHub start this program"))
        public = _required(
            environ,
            "JUPYTERHUB_PUBLIC_URL",
            "set c.JupyterHub.public_url to the address that people type: requests from other pages are refused by it",
        )
        return cls(
            prefix=_required(environ, "JUPYTERHUB_SERVICE_PREFIX", "have JupyterHub start this program"),
            public=public,
            listen=(service.hostname or "127.0.0.1", service.port or 80),
            record=_required(
                environ, RECORD, f"set {RECORD} to a file, or to postgresql://USER@HOST/DATABASE"
            ),
            title=environ.get(TITLE) or "Workshop",
            instructor=environ.get(INSTRUCTOR, ""),
            language=checked_language(environ.get(LANGUAGE, ""), environ.get(WORKSHOP, "")),
        )


@dataclass(frozen=True, slots=True)
class BoxPlace:
    """The place of a learner's box: a starter's descriptors, `link` and `channel`, or a `folder` beside the server."""

    number: int = 1
    link: int = -1
    channel: int = -1
    folder: Path | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "BoxPlace":
        """The place in an environment.

        Raises:
            UsageError: the environment names no box.
        """
        if named := environ.get(FOLDER):
            return cls(folder=Path(named))
        try:
            number, link, channel = (int(environ[name]) for name in (BOX, BOX_SOCKET, CHANNEL_SOCKET))
            return cls(number, link, channel)
        except (KeyError, ValueError) as error:
            raise UsageError(
                "nothing says where the learner's box is",
                remedy=f"use the spawner of runner.hub, or set {FOLDER} to a folder that the box shares",
            ) from error


def checked_language(code: str, workshop: str | Path = "") -> str:
    """The code of a language in which the program or the workshop has texts; "" for the original.

    Raises:
        UsageError: neither has texts in it.
    """
    if not code:
        return ""
    from runner.content import LABS  # noqa: PLC0415 - slow to import, and most classes are in the original
    from runner.lab.read.folder import find_workshops  # noqa: PLC0415 - as above
    from runner.lab.read.translation import languages  # noqa: PLC0415 - as above

    taught = find_workshops(Path(workshop) if workshop else LABS)
    there = {language.ORIGINAL, *language.known(), *(name for folder in taught for name in languages(folder))}
    if code not in there:
        raise UsageError(
            f"there is nothing in the language {code!r}", remedy=f"name one of: {', '.join(sorted(there))}"
        )
    return code


def _required(environ: Mapping[str, str], name: str, remedy: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise UsageError(f"{name} is not set", remedy=remedy)
    return value
