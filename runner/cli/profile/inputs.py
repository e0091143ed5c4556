"""What the user names as a profile or as evidence: a file, standard input, or one that comes with the workshop."""

import sys
from typing import TYPE_CHECKING, NamedTuple

from runner.content import folder
from runner.errors import UsageError
from runner.profile.errors import ProfileError
from runner.profile.source.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from runner.profile.holders import Off

BUILTIN = ("default", "deny", "allow", "default-no-chmod")
"""The profiles that come with the workshop."""
DEFAULT_OF = "default@"
"""What stands before an engine's version in the name of its default profile; as `history.defaults`, which is slow."""


class Found(NamedTuple):
    """A profile, or why it cannot be read; `name` picks it in a file that holds several.

    The first of a file has the places of the file that turn seccomp `off`.
    """

    name: str
    reading: Reading | ProfileError
    off: "tuple[Off, ...]" = ()


def path_of(name: str) -> str:
    """The file that a name stands for; a file of a built-in's name is reached as a path (`./default`)."""
    return f"{folder('profiles')}/{name}.json" if name in BUILTIN else name


def spoken(name: str) -> str:
    """The name as a message gives it."""
    if name.lstrip().startswith("{"):
        return "the JSON given"
    return "standard input" if name == "-" else name


def check_stdin(*names: str | None) -> None:
    """Raise UsageError if more than one of the inputs is standard input, which can be read only once."""
    if names.count("-") > 1:
        raise UsageError(
            "standard input is named more than once", remedy="name a file for all inputs but one"
        )


def standard_input() -> "TextIO":
    """Standard input.

    Raises:
        UsageError: the command was started without one.
    """
    if sys.stdin is None:
        raise UsageError("standard input is closed", remedy="name a file, or give - something to read")
    return sys.stdin


def read_bytes(name: str, most: int) -> bytes:
    """The content, or as much of it as shows that there are more than `most` bytes.

    Raises:
        ProfileError: it cannot be read.
    """
    try:
        if name.startswith(DEFAULT_OF):
            return _default_of(name)
        if name == "-":
            return standard_input().buffer.read(most + 1)
        with open(path_of(name), "rb") as file:  # noqa: PTH123 - pathlib takes a third of the command's time
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None


def read_blocks(name: str, size: int) -> "Iterator[bytes]":
    """The content piece by piece, of any length; as UTF-8 without a byte order mark, where one says what it is.

    Raises:
        ProfileError: it cannot be read, or is what another tool wrote in a form that is not read.
    """
    from runner.profile.evidence.foreign import foreign
    from runner.profile.source.encoding import utf8_blocks

    blocks = utf8_blocks(_blocks(name, size))
    first = next(blocks, b"")
    if found := foreign(first.decode("utf-8", "replace")):
        raise ProfileError(f"this is {found.name}, which is not read", file=spoken(name), remedy=found.remedy)
    if first:
        yield first
    yield from blocks


def _blocks(name: str, size: int) -> "Iterator[bytes]":
    if name == "-":
        yield from iter(lambda: standard_input().buffer.read(size), b"")
        return
    if name.startswith(DEFAULT_OF):
        yield _default_of(name)
        return
    if name.lstrip().startswith("{"):
        yield name.encode()
        return
    try:
        with open(path_of(name), "rb") as file:  # noqa: PTH123 - as above
            yield from iter(lambda: file.read(size), b"")
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> ProfileError:
    if isinstance(error, FileNotFoundError):
        remedy = f"name a file, - for standard input, or one of {', '.join(BUILTIN)}, {DEFAULT_OF}VERSION"
        return ProfileError("there is no such file", remedy=remedy)
    if isinstance(error, IsADirectoryError):
        return ProfileError("this is a directory, not a file", remedy="name a file in it")
    reason = getattr(error, "strerror", None) or str(error)
    return ProfileError(f"cannot be read: {reason}", remedy="check the path and its permissions")


def note_unknown(name: str) -> None:
    """Say which default is meant where `name` is that of an engine that is not known."""
    if not name.startswith(DEFAULT_OF):
        return
    from runner.profile.history.releases import unknown_note
    from runner.profile.version import Version

    if note := unknown_note(Version.of(name.removeprefix(DEFAULT_OF))):
        print(f"note: {name}: {note}", file=sys.stderr)


def _default_of(name: str) -> bytes:
    from runner.profile.history.defaults import named_default

    text = (named_default(name) or "").encode()
    note_unknown(name)
    return text
