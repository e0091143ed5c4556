"""Profiles and evidence as the user names them: a file, standard input, or a built-in profile."""

import sys
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from runner.content import folder
from runner.errors import UsageError
from runner.profile.errors import ProfileError
from runner.profile.source.json_text import MAX_BYTES
from runner.profile.source.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from runner.profile.holders import Place
    from runner.profile.holders.carrier import Carried

BUILTIN = ("default", "deny", "allow", "default-no-chmod")
"""The built-in profiles."""
DEFAULT_OF = "default@"
"""The prefix of a default profile's name; repeated from `history.defaults`, which is slow to import."""
_PROFILES = f"a file, - for standard input, or one of {', '.join(BUILTIN)}, {DEFAULT_OF}VERSION"
EVIDENCE = "a log, a table of calls or a trace, or - for standard input"
"""The inputs that calls are read from; a profile is not one."""

MAX_HOLDER_BYTES = 8 * MAX_BYTES
"""The most that is read of a file that holds profiles among other things."""


class Found(NamedTuple):
    """A profile, or the reason why it cannot be read; `name` picks it in a file with several.

    The first of a file has in `off` the places of the file that turn seccomp off. `carried` is as for `Held`.
    """

    name: str
    reading: Reading | ProfileError
    off: "tuple[Place, ...]" = ()
    carried: "Carried | None" = None


def path_of(name: str) -> str:
    """The file that a name stands for; a file with a built-in's name is given as a path (`./default`)."""
    return f"{folder('profiles')}/{name}.json" if name in BUILTIN else name


def spoken(name: str) -> str:
    """The name as used in messages."""
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
    """Return standard input.

    Raises:
        UsageError: the command was started without one.
    """
    if sys.stdin is None:
        raise UsageError("standard input is closed", remedy="name a file, or give - something to read")
    return sys.stdin


def read_bytes(name: str, most: int, *, accepts: str = _PROFILES) -> bytes:
    """Read the content, but at most `most` bytes and one more. `accepts` is as for `read_blocks`.

    Raises:
        ProfileError: it cannot be read.
    """
    try:
        if name.startswith(DEFAULT_OF):
            return _default_of(name)
        if name == "-":
            return _unpacked(standard_input().buffer.read(most + 1), name)
        with open(path_of(name), "rb") as file:  # noqa: PTH123 - pathlib takes a third of the command's time
            return _unpacked(file.read(most + 1), name)
    except (OSError, ValueError) as error:
        raise _unreadable(error, name, accepts) from None


def _unpacked(data: bytes, name: str) -> bytes:
    """The data themselves.

    Raises:
        ProfileError: they are compressed.
    """
    if data[:1].isalnum() and data[:2] not in (b"BZ", b"PK"):
        return data
    from runner.profile.source.encoding import packed_with

    if packer := packed_with(data):
        from shlex import quote

        alone, of_file = ("funzip", "unzip -p") if packer == "zip" else (f"{packer} -dc",) * 2
        unpack = alone if name == "-" else f"{of_file} {quote(name)}"
        raise ProfileError(
            f"this is compressed with {packer}",
            file=spoken(name),
            remedy=f"give what `{unpack}` prints, as -",
        )
    return data


def read_blocks(
    name: str, size: int, *, accepts: str = EVIDENCE, messages: bool = False
) -> "Iterator[bytes]":
    """Read content of any length piece by piece; decoded to UTF-8 without a mark, if a byte order mark gives the
    encoding. `accepts` says what may be named here, for the advice where there is no such file. With `messages` a text
    counts that is of use for the messages in it alone.

    Raises:
        ProfileError: it cannot be read, or has another tool's format that is not supported; the error names it.
    """
    from runner.profile.foreign.outputs import foreign
    from runner.profile.source.encoding import utf8_blocks

    raw = _blocks(name, size, accepts)
    begun = _unpacked(next(raw, b""), name)
    blocks = utf8_blocks(chain([begun], raw))
    first = next(blocks, b"")
    if (found := foreign(first.decode("utf-8", "replace"))) and not (messages and found.tells):
        raise ProfileError(f"this is {found.name}, which is not read", file=spoken(name), remedy=found.remedy)
    if first:
        yield first
    yield from blocks


def _blocks(name: str, size: int, accepts: str) -> "Iterator[bytes]":
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
        raise _unreadable(error, name, accepts) from None


def _unreadable(error: Exception, name: str, accepts: str) -> ProfileError:
    file = spoken(name)
    if isinstance(error, FileNotFoundError):
        return ProfileError(f"there is no such file{_near(name)}", file=file, remedy=f"name {accepts}")
    if isinstance(error, IsADirectoryError):
        import os

        bundle = os.path.join(file, "config.json")  # noqa: PTH118 - as above
        remedy = f"name {bundle}" if os.path.isfile(bundle) else "name a file in it"  # noqa: PTH113
        return ProfileError("this is a directory, not a file", file=file, remedy=remedy)
    reason = getattr(error, "strerror", None) or str(error)
    return ProfileError(f"cannot be read: {reason}", file=file, remedy="check the path and its permissions")


def _near(name: str) -> str:
    """A suggestion: the file of the same folder that has the most similar name."""
    import os

    from runner.suggest import nearest

    folder, file = os.path.split(name)
    try:
        near = nearest(file, os.listdir(folder or "."), cutoff=0.75)  # noqa: PTH208 - pathlib is slow to import
    except (OSError, ValueError):
        return ""
    return f" (did you mean {os.path.join(folder, near)}?)" if near else ""  # noqa: PTH118 - as above


def note_unknown(name: str) -> None:
    """Print which default is used if `name` is the default of an unknown engine."""
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
