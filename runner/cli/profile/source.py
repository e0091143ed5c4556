"""Profiles from where the user says they are."""

import sys

from runner.content import folder
from runner.errors import UsageError
from runner.profile.errors import ProfileError
from runner.profile.source.json_text import MAX_BYTES
from runner.profile.source.reader import Reading, read_profile

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from typing import TextIO

    from runner.profile.version import Version

BUILTIN = ("default", "deny", "allow", "default-no-chmod")
"""The profiles that come with the workshop."""


DEFAULT_OF = "default@"
"""What stands before an engine's version in the name of its default profile; as `history.defaults`, which is slow."""


def of_engine(name: str, engine: "Version | None") -> str:
    """The name of the profile that is meant on an engine: plain `default` is that engine's own."""
    return f"{DEFAULT_OF}{engine}" if name == "default" and engine is not None else name


def path_of(name: str) -> str:
    """The file that a name stands for; a file of a built-in's name is reached as a path (`./default`)."""
    return f"{folder('profiles')}/{name}.json" if name in BUILTIN else name


def read_named(name: str) -> Reading:
    """Read the profile of a file, of standard input (`-`), or a built-in one.

    Raises:
        ProfileError: naming the file.
    """
    try:
        return read_profile(read_bytes(name, MAX_BYTES))
    except ProfileError as error:
        raise error.in_file(spoken(name)) from None


def spoken(name: str) -> str:
    """The name as a message gives it."""
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
            from runner.profile.history.defaults import named_default

            return (named_default(name) or "").encode()
        if name == "-":
            return standard_input().buffer.read(most + 1)
        with open(path_of(name), "rb") as file:  # noqa: PTH123 - pathlib takes a third of the command's time
            return file.read(most + 1)
    except FileNotFoundError:
        remedy = f"name a file, - for standard input, or one of {', '.join(BUILTIN)}, {DEFAULT_OF}VERSION"
        raise ProfileError("there is no such file", remedy=remedy) from None
    except IsADirectoryError:
        raise ProfileError("this is a directory, not a file", remedy="name a file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ProfileError(f"cannot be read: {reason}", remedy="check the path and its permissions") from None
