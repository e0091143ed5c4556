"""Profiles embedded in other files, and in the files that those name."""

import os
import re
import sys
from dataclasses import replace

from runner.cli.profile.given.inputs import Found, read_bytes, spoken
from runner.profile.errors import CutOffError, ProfileError, TemplateError
from runner.profile.holders import Held, Holding, find_profiles
from runner.profile.holders.choice import chosen
from runner.profile.holders.dialects import plain_json
from runner.profile.holders.find import may_hold
from runner.profile.holders.found import MERGED
from runner.profile.holders.tree import first_sign, read_trees
from runner.profile.holders.unnamed import unconfined_beside
from runner.profile.source.encoding import text_of
from runner.profile.source.json_text import MAX_BYTES
from runner.profile.source.reader import Reading, read_profile

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Sequence


_OUTPUT = re.compile(r"<\(|/dev/(?:stdin|fd/)|/proc/self/fd/")
"""What a shell connects with a command's output."""
_CONTENT = re.compile(r"(?:\$\(|`)[ ]*(?:cat|curl|wget|jq|yq|base64|<)(?![\w-])")
"""A command whose output is a profile's text."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_VARIABLE = re.compile(r"\$|\A%[a-zA-Z]/|/%[a-zA-Z]/")
"""A variable of a shell or of compose, or a specifier of a unit (`%h/profile.json`)."""
_ITSELF = re.compile(r"(?:document \d+)?(?:\[\d+\])?\Z|syscalls\b")
"""The position of a profile that is a whole document, or an item of one that is an array, or of one amid its rules."""
_LINE = re.compile(r"line \d+")
"""The position of a profile amid a text, as in a page."""


def holds(data: bytes, file: str) -> bool:
    """True if a file that is not a profile has one embedded, or has a place that could name one."""
    text = text_of(data)
    if not may_hold(text):
        return False
    try:
        holding = find_profiles(text)
    except ProfileError as error:
        return isinstance(error, TemplateError | CutOffError)
    # One profile after another, or one in an array, is a file that Docker refuses.
    within = (held.where for held in holding.profiles if not _ITSELF.match(held.where))
    if holding.profiles and all(_LINE.fullmatch(held.where) for held in holding.profiles):
        return not (file.endswith(".json") or _is_commented(text))
    return any(within) or bool(
        holding.off or holding.default or holding.containers or holding.external_settings
    )


def _is_commented(text: str) -> bool:
    """True for JSON with comments around it, which its author means for a profile's file, and engines refuse."""
    plain = plain_json(text)
    try:
        return first_sign(plain) == "{" and len(read_trees(plain)) == 1
    except ProfileError:
        return False


def readings(file: str, data: bytes, picked: str) -> list[Found]:
    """Read the embedded profiles of a file, all or the one with a name, each with the position of its text.

    Raises:
        ProfileError: there is none, or none has that name.
    """
    return readings_of(find_profiles(text_of(data), file), file, file, picked)


def readings_of(holding: Holding, holder: str, name: str, picked: str) -> list[Found]:
    """Read the profiles of a holding that `name` stands for, all or the one with a name.

    Paths in it are relative to the file `holder`.

    Raises:
        ProfileError: as for `readings`.
    """
    found = [_read(holder, held) for held in chosen(holding, picked)]
    if holding.cut_off:
        print(f"note: {spoken(name)}: {holding.cut_off}", file=sys.stderr)
    if holding.not_read and not picked:
        print(f"note: {spoken(name)}: {holding.not_read}; {MERGED}", file=sys.stderr)
    if not picked and (bare := unconfined_beside(holding)):
        print(f"note: {spoken(name)}: {bare}", file=sys.stderr)
    return found if picked else [found[0]._replace(off=holding.off), *found[1:]]


def several(file: str, found: "Sequence[Found]") -> ProfileError:
    """An error for a file with several profiles where one is wanted; `file` is how the user names it."""
    names = "; ".join(each.name for each in found)
    return ProfileError(
        f"holds {len(found)} profiles: {names}",
        remedy=f"pick one, as {file}#{found[0].name}",
        file=spoken(file),
    )


def named_file(holder: str, held: Held) -> tuple[str, bytes]:
    """Read the file that a holder names, with a path relative to the holder's; return the path and the content.

    Raises:
        ProfileError: it cannot be read, or the path has variables, whose values only the program that uses the holder
        knows.
    """
    if not held.literal:
        _refuse_expanded(holder, held)
    if _ADDRESS.match(held.file):
        path = held.file.removeprefix("file://")
        raise ProfileError(
            f"{held.where} names {held.file}, an address, and engines take a file",
            remedy=f"write {path}" if path != held.file else "fetch it, and name the file",
            file=spoken(holder),
        )
    folder = "" if holder == "-" else os.path.dirname(holder)  # noqa: PTH120 - as inputs.py: pathlib is slow
    file = os.path.normpath(os.path.join(folder, os.path.expanduser(held.file)))  # noqa: PTH111, PTH118
    try:
        return file, read_bytes(file, MAX_BYTES)
    except ProfileError as error:
        reason = f"{error.reason}; {held.where} of {spoken(held.holder or holder)} names it"
        raise ProfileError(reason, remedy="put the file there, or correct the path", file=file) from None


def _refuse_expanded(holder: str, held: Held) -> None:
    """Raise ProfileError for the name of a file that a shell, or the program that uses the holder, makes of it."""
    if _OUTPUT.match(held.file):
        raise ProfileError(
            f"{held.where} names {held.file}, which a shell makes of another command's output",
            remedy="name a file with that output itself",
            file=spoken(holder),
        )
    if _CONTENT.match(held.file):
        raise ProfileError(
            f"{held.where} gives {held.file}, a profile's text, and engines take a file there",
            remedy="name the file, without the command that prints it",
            file=spoken(holder),
        )
    if _VARIABLE.search(held.file):
        raise ProfileError(
            f"{held.where} names {held.file}, with a variable in it",
            remedy="name that file itself",
            file=spoken(holder),
        )


def _read(holder: str, held: Held) -> Found:
    try:
        reading = _reading(holder, held)
    except ProfileError as error:
        return Found(held.name, error.in_file(error.file or held.file or spoken(held.holder or holder)))
    if held.base:
        print(
            f"note: {reading.file}: the rules of its base profile {held.base!r} are not in the file",
            file=sys.stderr,
        )
    return Found(held.name, replace(reading, reader=held.reader, base=held.base), carried=held.carried)


def _reading(holder: str, held: Held) -> Reading:
    if unusable := held.unusable():
        raise unusable
    if held.form == "yaml" and not held.where:
        raise ProfileError(
            "is YAML, and Docker takes JSON alone", remedy="convert it with `workshop profile import`"
        )
    if held.part is not None:
        reading = read_profile(held.part.text, held.part.places)
        return replace(reading, file=spoken(held.holder or holder), within=True)
    file, data = named_file(holder, held)
    try:
        return replace(read_profile(data), file=file)
    except ProfileError as error:
        raise error.in_file(file) from None
