"""The members of a class: a person comes in with the class's code once, then with their own secret or word."""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from runner.box.resources import SEATS
from runner.classroom.code import new_code, same_code
from runner.classroom.live.people import Learner
from runner.errors import EngineError, WorkshopError
from runner.files import replace_bytes
from runner.json_value import json_value
from runner.language import tr
from runner.record.codec import unpacked

_VERSION = 1
_LONGEST_NAME = 32
_MOST_SECRETS = 10
"""The number of browsers and machines that a person may use; the newest count."""


class RefusedError(WorkshopError):
    """A person was not let in, and what they can do about it; `guessed` if the code was wrong."""

    def __init__(self, message: str, *, remedy: str = "", guessed: bool = False) -> None:
        super().__init__(message, remedy=remedy)
        self.guessed = guessed


@dataclass(frozen=True, slots=True)
class _Kept:
    """The people in the file, which has the digests of their secrets besides."""

    learners: tuple[Learner, ...]


class Roll:
    """The people of a class, kept in a file; at most `seats`, not counting the instructor."""

    def __init__(
        self,
        file: Path,
        *,
        code: str,
        instructor: str,
        seats: int,
        taken: Callable[[int], object] = lambda _number: None,
    ) -> None:
        """Read the file, if there is one; `code` is the class's, `instructor` the instructor's.

        `taken` is called with each number before a new person gets it.

        Raises:
            WorkshopError: the file is a newer version's, or damaged.
        """
        self._file = file
        self._code, self._instructor_code = code, instructor
        self.instructor = Learner(SEATS, "instructor", instructor, mirror=True, instructor=True)
        self.seats = seats
        self._taken = taken
        self._learners: dict[str, Learner] = {}
        self._secrets: dict[str, str] = {}
        self._read()

    @property
    def people(self) -> tuple[Learner, ...]:
        """All learners, in the order in which they came."""
        return tuple(self._learners.values())

    def enter(
        self, name: str, code: str, *, mirror: bool = False, secret: bool = True
    ) -> tuple[Learner, str]:
        """Let a person in, or in again; returns the learner and a new secret, "" if they want none.

        Raises:
            RefusedError: the code is wrong, the name is taken or invalid, or no seat is left.
        """
        if same_code(code, self._instructor_code):
            return self.instructor, self._secret(self.instructor) if secret else ""
        name = _tidy(name)
        known = self._learners.get(name.casefold())
        if known is not None and same_code(code, known.word):
            return known, self._secret(known) if secret else ""
        if not same_code(code, self._code):
            raise RefusedError(
                tr("That is not the code of this class."),
                remedy=tr("It is on the instructor's screen: letters and digits, eight in all."),
                guessed=True,
            )
        if not name:
            raise RefusedError(
                tr(
                    "Please give a name of 1 to {longest} letters, by which the instructor knows you.",
                    longest=_LONGEST_NAME,
                )
            )
        if name.casefold() == self.instructor.name and known is None:
            raise RefusedError(
                tr("The name {name} is the instructor's.", name=name), remedy=tr("Take another name.")
            )
        if known is not None:
            raise RefusedError(
                tr("Somebody called {name} is in this class already.", name=known.name),
                remedy=tr(
                    "If that is you, type your own word instead of the class's code: a browser shows it below the "
                    "terminal, and the app said it if you came by ssh. "
                    "Or the instructor can remove you, so that you can join anew. Else take another name."
                ),
            )
        return self._add(name, mirror=mirror, secret=secret)

    def known(self, secret: str) -> Learner | None:
        """The learner to whom a secret belongs."""
        name = self._secrets.get(_digest(secret))
        if name is None:
            return None
        return self._learners.get(name) if name else self.instructor

    def has(self, learner: Learner) -> bool:
        """True if the learner has not been removed since they came in; another may have their name or number."""
        if learner.instructor:
            return True
        found = self._learners.get(learner.name.casefold())
        return found is not None and (found.number, found.word) == (learner.number, learner.word)

    def named(self, name: str) -> Learner | None:
        """The learner with this name."""
        return self._learners.get(_tidy(name).casefold())

    def was_asked(self, learner: Learner, door: str) -> bool:
        """True if the learner has answered whether their terminal may be seen: the page asks everyone, ssh nobody."""
        return learner.mirror or door != "ssh"

    def set_mirror(self, learner: Learner, *, mirror: bool) -> None:
        """Store whether a learner lets their terminal be seen.

        Raises:
            RefusedError: it cannot be stored.
        """
        key = learner.name.casefold()
        known = self._learners.get(key)
        if known is not None and known.mirror != mirror:
            self._learners[key] = replace(known, mirror=mirror)
            self._write()

    def remove(self, learner: Learner) -> None:
        """Remove a learner from the class; their name and seat become free.

        Raises:
            RefusedError: the removal cannot be stored; they stay.
        """
        self._learners.pop(learner.name.casefold(), None)
        self._secrets = {
            digest: name for digest, name in self._secrets.items() if name != learner.name.casefold()
        }
        self._write()

    def _add(self, name: str, *, mirror: bool, secret: bool) -> tuple[Learner, str]:
        taken = {learner.number for learner in self._learners.values()}
        free = next((number for number in range(1, SEATS) if number not in taken), None)
        if free is None or len(taken) >= self.seats:
            raise RefusedError(
                tr("This class is full: it has {seats} seats.", seats=self.seats),
                remedy=tr("Tell the instructor, who can remove somebody, or look on with a neighbour."),
            )
        try:
            self._taken(free)
        except EngineError as error:
            raise RefusedError(
                tr("There is no place for you yet: {why}.", why=error), remedy=tr("Try again in a moment.")
            ) from error
        learner = Learner(free, name, new_code(), mirror)
        self._learners[name.casefold()] = learner
        if secret:
            return learner, self._secret(learner)
        self._write()
        return learner, ""

    def _secret(self, learner: Learner) -> str:
        secret = secrets.token_urlsafe(32)
        owner = "" if learner.instructor else learner.name.casefold()
        self._secrets[_digest(secret)] = owner
        for digest in [digest for digest, name in self._secrets.items() if name == owner][:-_MOST_SECRETS]:
            del self._secrets[digest]
        self._write()
        return secret

    def _read(self) -> None:
        try:
            found = json_value(self._file.read_bytes())
        except FileNotFoundError:
            self._learners, self._secrets = {}, {}
            return
        except ValueError as error:
            raise self._damaged(error) from error
        version = found.get("version") if isinstance(found, dict) else None
        if version is not None and version != _VERSION:
            raise WorkshopError(
                f"{self._file} has version {version}, and this program writes version {_VERSION}",
                remedy="update workshop, or begin a new class: workshop classroom --new",
            )
        try:
            learners = unpacked(_Kept, found).learners
        except ValueError as error:
            raise self._damaged(error) from error
        secrets_ = found.get("secrets")
        if not isinstance(secrets_, dict) or not all(isinstance(name, str) for name in secrets_.values()):
            raise self._damaged(ValueError("it has no secrets"))
        self._learners = {learner.name.casefold(): learner for learner in learners}
        self._secrets = secrets_

    def _damaged(self, error: Exception) -> WorkshopError:
        return WorkshopError(
            f"the class's list of people, {self._file}, is damaged: {error}",
            remedy="begin a new class: workshop classroom --new",
        )

    def _write(self) -> None:
        content = {
            "version": _VERSION,
            "learners": [asdict(learner) for learner in self._learners.values()],
            "secrets": self._secrets,
        }
        try:
            replace_bytes(self._file, json.dumps(content, indent=1).encode())
        except OSError as error:
            self._read()
            raise RefusedError(
                tr("The class's machine cannot note who is in the class: {why}.", why=error.strerror),
                remedy=tr("Tell the instructor, who can free some space."),
            ) from error


def _tidy(name: str) -> str:
    """The name in the form that is kept; "" if it is invalid."""
    text = " ".join(unicodedata.normalize("NFKC", name[:200]).split())
    return text if text.isprintable() and len(text) <= _LONGEST_NAME else ""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
