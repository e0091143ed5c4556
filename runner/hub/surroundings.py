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
"""Where there is no starter: the folder that a learner's box shares with their server."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`prefix` is the path that is ours, `public` the address of all, `listen` the address that the proxy knows.

    `record` is where events are kept: a file, or the address of a database.
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
        """What a browser calls the origin of our pages."""
        parts = urlsplit(self.public)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def host(self) -> str:
        """What a browser calls this host, with its port if it is not the usual."""
        return urlsplit(self.public).netloc.lower()

    @property
    def secure(self) -> bool:
        """Whether all that browsers send and get is encrypted on its way."""
        return self.public.startswith("https:")

    @property
    def socket(self) -> str:
        """The address of our terminal's connection."""
        return f"{'wss' if self.secure else 'ws'}://{self.host}{self.prefix}ws"

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Surroundings":
        """What the environment says.

        Raises:
            UsageError: something is missing, or there is nothing in the language.
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
    """Where a learner's box is: behind a starter's `link` and `channel`, both descriptors, or beside, in a `folder`."""

    number: int = 1
    link: int = -1
    channel: int = -1
    folder: Path | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "BoxPlace":
        """What the environment says.

        Raises:
            UsageError: it says nothing of a box.
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
    """The code of a language, if the program or the workshop that is taught has texts in it; "" for the original.

    Raises:
        UsageError: neither has.
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
