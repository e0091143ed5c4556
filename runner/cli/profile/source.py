"""Read the profiles that a command line names."""

import os
from dataclasses import replace

from runner.cli.profile.inputs import DEFAULT_OF, Found, read_bytes, spoken
from runner.profile.errors import ProfileError
from runner.profile.source.json_text import MAX_BYTES
from runner.profile.source.reader import Reading, read_profile

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.version import Version

_DEFAULT = frozenset(("default", "seccomp=builtin", "seccomp:builtin"))
MAX_HOLDER_BYTES = 8 * MAX_BYTES


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
        from runner.cli.profile.within import several

        raise several(name, found)
    reading = found[0].reading
    if isinstance(reading, ProfileError):
        raise reading
    return reading


def read_all(name: str) -> "list[Found]":
    """Read the profiles that a word of the command line means.

    The word is a file, `-`, a built-in profile's name, JSON, a value of `--security-opt` (`seccomp=FILE`), or a file
    with embedded profiles, of which `FILE#NAME` picks one.

    Raises:
        ProfileError: there is none; the error names the file.
    """
    value = name
    try:
        value = file_of(name)
        if value.lstrip().startswith("{"):
            return [Found("", replace(read_profile(value), file=spoken(value), within=True))]
        file, wanted = picked(value)
        data = read_bytes(file, MAX_HOLDER_BYTES)
        if not wanted:
            found = _whole(data, file)
            if isinstance(found, Reading):
                return [Found("", found)]
        from runner.cli.profile.within import readings

        return readings(file, data, wanted)
    except ProfileError as error:
        raise error.in_file(error.file or spoken(value)) from None


def file_of(name: str) -> str:
    """Return the file in a word that may be an option's value (`seccomp=FILE`); `builtin` is the engine's default.

    Raises:
        ProfileError: the option turns seccomp off.
    """
    if not name.startswith(("seccomp=", "seccomp:")):
        return name
    value = name[len("seccomp=") :]
    if value in ("unconfined", ""):
        raise ProfileError("this turns seccomp off: there is no profile")
    return "default" if value == "builtin" else value


def _whole(data: bytes, file: str) -> Reading | None:
    """Read the file's profile, if the file is nothing else; None if it has embedded profiles.

    Raises:
        ProfileError: it is a profile, or is meant to be, but cannot be read.
    """
    try:
        reading = read_profile(data)
    except ProfileError:
        from runner.cli.profile.within import holds

        if holds(data) or file.endswith((".yaml", ".yml")):
            return None
        if unnamed := _of_another_tool(data) or _of_sections(data):
            raise unnamed from None
        raise
    if reading.profile.default_action is None and reading.document.root.value:
        from runner.cli.profile.within import holds

        if holds(data):
            return None
        if reading.document.find("ociVersion") is not None:
            raise ProfileError(
                "the configuration has no `linux.seccomp`: it confines nothing",
                remedy="name a configuration of a container with a profile, or the profile itself",
            )
    return replace(reading, file=spoken(file))


def _of_another_tool(data: bytes) -> ProfileError | None:
    """The error for a text that another tool wrote; None for one that is meant to be a profile."""
    from runner.profile.evidence.foreign import foreign
    from runner.profile.holders.settings import begins_with_section
    from runner.profile.importers import detect
    from runner.profile.importers.detect import TITLES
    from runner.profile.source.encoding import text_of

    text = text_of(data)
    if found := foreign(text):
        return ProfileError(f"this is {found.name}, and no profile of Docker's", remedy=found.remedy)
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") and not begins_with_section(text)
    form = "" if is_json else detect(text)
    if form in ("lxc", "systemd", "evidence"):
        what = TITLES.get(form, "evidence of calls")
        return ProfileError(
            f"this is {what}, and no profile of Docker's",
            remedy="make a profile of it with `workshop profile import`",
        )
    return None


def _of_sections(data: bytes) -> ProfileError | None:
    """The error for a file of sections (a Quadlet, TOML) in which no line names a profile; None for others."""
    from runner.profile.errors import NamesNoProfileError
    from runner.profile.holders.settings import begins_with_section, describes_containers
    from runner.profile.source.encoding import text_of

    text = text_of(data)
    if describes_containers(text):
        return NamesNoProfileError(
            "names no profile: the engine's own default is in force",
            remedy="name `default` for it, or a file with a profile in it",
        )
    if not begins_with_section(text):
        return None
    return ProfileError(
        "this is a file of settings, and no line names a profile", remedy="name the profile's file"
    )


def picked(name: str) -> tuple[str, str]:
    """Split a name into the file and the name after its `#`, unless a file has that whole name."""
    if "#" not in name or os.path.exists(name):  # noqa: PTH110 - pathlib is slow to import
        return name, ""
    file, _, picked = name.rpartition("#")
    return file, picked
