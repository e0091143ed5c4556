"""Read the profiles that a command line names."""

import os
import sys
from dataclasses import replace

from runner.cli.profile.given.inputs import DEFAULT_OF, MAX_HOLDER_BYTES, Found, read_bytes, spoken
from runner.profile.errors import ProfileError, TurnsOffError
from runner.profile.source.json_text import Members
from runner.profile.source.reader import Reading, read_profile

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.version import Version

_DEFAULT = frozenset(("default", "seccomp=builtin", "seccomp:builtin"))


def of_engine(name: str, engine: "Version | None") -> str:
    """The name of the profile to read for an engine: plain `default` is that engine's default."""
    return f"{DEFAULT_OF}{engine}" if name in _DEFAULT and engine is not None else name


def read_named(name: str) -> Reading:
    """Read one profile from a file, standard input (`-`), a built-in name, or JSON; see `read_all`.

    Raises:
        ProfileError: it cannot be read, or it holds several and `FILE#NAME` picks none; the error names the file.
    """
    found = read_all(name)
    if len(found) > 1:
        from runner.cli.profile.given.within import several

        raise several(split_name(name)[0], found)
    reading = found[0].reading
    if isinstance(reading, ProfileError):
        raise reading
    if (carried := found[0].carried) and is_option(name):
        print(
            f"note: {reading.file}: an engine that gets this option looks at the top of the file alone, and confines "
            f"nothing: the profile stands at {carried.where}, and is what is read here",
            file=sys.stderr,
        )
    return reading


def read_all(name: str) -> "list[Found]":
    """Read the profiles that a word of the command line means.

    The word is a file, `-`, a built-in profile's name, JSON, a value of `--security-opt` (`seccomp=FILE`), or a file
    with embedded profiles, of which `FILE#NAME` picks one; several compose files have a colon between them.

    Raises:
        ProfileError: there is none; the error names the file.
    """
    value = name
    try:
        value = file_of(name)
        if value.lstrip().startswith("{"):
            return [Found("", replace(read_profile(value), file=spoken(value), within=True))]
        file, wanted = split_name(value)
        if several := compose_files(file):
            from runner.cli.profile.given.composed import composed

            return composed(several, file, wanted)
        data = read_bytes(file, MAX_HOLDER_BYTES)
        if not wanted:
            found = _whole(data, file)
            if isinstance(found, Reading):
                return [Found("", found)]
        from runner.cli.profile.given.composed import note_override
        from runner.cli.profile.given.within import readings

        note_override(file)
        return readings(file, data, wanted)
    except ProfileError as error:
        raise error.in_file(error.file or spoken(value)) from None


def is_option(name: str) -> bool:
    """True for a value of `--security-opt`, which an engine gets as it is."""
    return name.startswith(("seccomp=", "seccomp:"))


def file_of(name: str) -> str:
    """Return the file in a word that may be an option's value (`seccomp=FILE`); `builtin` is the engine's default.

    Raises:
        ProfileError: the option turns seccomp off.
    """
    if not is_option(name):
        return name
    value = name[len("seccomp=") :]
    if value in ("unconfined", ""):
        raise TurnsOffError("this turns seccomp off: there is no profile")
    return "default" if value == "builtin" else value


def _whole(data: bytes, file: str) -> Reading | None:
    """Read the file's profile, if the file is nothing else; None if it has embedded profiles.

    Raises:
        ProfileError: it is a profile, or is meant to be, but cannot be read.
    """
    try:
        reading = read_profile(data)
    except ProfileError:
        if _embeds(data, file) or file.endswith((".yaml", ".yml")):
            return None
        if other := _other_text(data):
            raise other from None
        raise
    if reading.profile.default_action is None and reading.document.root.value:
        if _embeds(data, file):
            return None
        _check_object(reading, data, file)
    return replace(reading, file=spoken(file))


def _embeds(data: bytes, file: str) -> bool:
    """As `within.holds`, whose module most profiles do not need."""
    from runner.cli.profile.given.within import holds

    return holds(data, file)


def _other_text(data: bytes) -> ProfileError | None:
    """The error for a text that is something else than a profile; None for one that is meant to be a profile."""
    from runner.profile.holders.unnamed import of_lines
    from runner.profile.importers.other_tool import of_another_tool
    from runner.profile.source.encoding import text_of

    text = text_of(data)
    return of_another_tool(text) or of_lines(text)


def _check_object(reading: Reading, data: bytes, file: str) -> None:
    """Refuse an object without a default action that is something else than a profile.

    Raises:
        ProfileError: it is an engine's settings, another tool's output, or a runtime's configuration.
    """
    from runner.profile.holders.unnamed import of_engines_settings
    from runner.profile.importers.other_tool import of_another_tool
    from runner.profile.source.encoding import text_of
    from runner.profile.source.oci import confines_nothing

    root = reading.document.root.value
    keys = {member.key for member in root} if isinstance(root, Members) else set()
    if other := of_engines_settings(keys):
        raise other
    if not reading.profile.rules and (other := of_another_tool(text_of(data))):
        raise other
    _note_other_keys(reading, file)
    if reading.document.find("ociVersion") is not None:
        raise confines_nothing()


def _note_other_keys(reading: Reading, file: str) -> None:
    """Say on standard error that a file is read as an empty profile although it is none, and so not empty."""
    root = reading.document.root.value
    unknown = sum(finding.rule == "unknown-key" for finding in reading.findings)
    if reading.profile.rules or not isinstance(root, Members) or unknown < len(root):
        return
    keys = ", ".join(f'"{member.key[:40]}"' for member in root[:3])
    print(
        f"note: {spoken(file)} has none of a profile's keys, but {keys}: Docker takes it for an empty profile, which "
        "turns seccomp off",
        file=sys.stderr,
    )


def split_name(name: str) -> tuple[str, str]:
    """Split a name into the file and the name behind its `#`, unless a file has that whole name."""
    if "#" not in name or os.path.exists(name):  # noqa: PTH110 - pathlib is slow to import
        return name, ""
    file, _, profile = name.rpartition("#")
    return file, profile


def compose_files(name: str) -> list[str]:
    """The files of a name with colons, as in COMPOSE_FILE, if there are some; none for a name that is one file's."""
    if ":" not in name or os.path.exists(name):  # noqa: PTH110 - as above
        return []
    files = name.split(":")
    # Of a list that begins with a compose file, a missing one is told by its own name.
    named = files[0].endswith((".yaml", ".yml")) and os.path.isfile(files[0])  # noqa: PTH113 - as above
    return files if named and all(files) else []
