"""Read what an import names, in the format that it has."""

import argparse
import sys

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.profile.holders import Holding
    from runner.profile.importers import Imported

SOURCES = "a file, - for standard input, or a built-in profile's name"


def read_source(source: str, arguments: argparse.Namespace) -> "Imported":
    """Import a profile from one source.

    Raises:
        ProfileError: it cannot be read, or has no profile; the error names the file.
        UsageError: an option does not fit it.
    """
    from runner.cli.profile.given.inputs import DEFAULT_OF, read_blocks, spoken
    from runner.cli.profile.given.source import compose_files, file_of, split_name
    from runner.profile.errors import ProfileError
    from runner.profile.evidence.reader import BLOCK

    try:
        file, name = split_name(file_of(source))
        if name and arguments.name and name != arguments.name:
            raise UsageError(
                f"two profiles are named: {name} and {arguments.name}", remedy="leave --name out"
            )
        if composed := compose_files(file):
            return _composed(composed, arguments, name or arguments.name)
        blocks = read_blocks(file, BLOCK, accepts=SOURCES)
        imported = _from_blocks(file, blocks, arguments, name or arguments.name)
        return _called_default(imported, file) if file.startswith(DEFAULT_OF) else imported
    except ProfileError as error:
        raise error.in_file(error.file or spoken(source)) from None


def _composed(files: list[str], arguments: argparse.Namespace, name: str) -> "Imported":
    """Import from compose files, of which each is laid over those before it."""
    from runner.cli.profile.given.composed import held_by

    if arguments.form not in ("auto", "held"):
        raise UsageError(
            f"files with a colon between them are compose files laid over each other, and not {arguments.form}",
            remedy="leave --from out, or name the files one by one",
        )
    _refuse_arch(arguments)
    return _held(files[0], held_by(files), name)


def _called_default(imported: "Imported", name: str) -> "Imported":
    from dataclasses import replace

    from runner.profile.history.defaults import default_of
    from runner.profile.version import Version

    engine = name.partition("@")[2]
    since = default_of(Version.of(engine)).since
    return replace(
        imported, read_as=f"the default profile of Docker Engine {engine}, which came with {since}"
    )


def _from_blocks(
    source: str, blocks: "Iterator[bytes]", arguments: argparse.Namespace, name: str
) -> "Imported":
    """Import from pieces: evidence is read as a stream of any length, all else as a text, which has a limit."""
    from runner.cli.profile.given.options import read_arch
    from runner.profile.calls.syscalls import arch
    from runner.profile.importers import HEAD, KINDS, EvidenceImporter, detect
    from runner.profile.importers.imported import MAX_CHARACTERS
    from runner.profile.source.encoding import text_of

    head = b""
    while len(head) < HEAD and (block := next(blocks, b"")):
        head += block
    form = detect(head.decode("utf-8", "replace")) if arguments.form == "auto" else arguments.form
    if form in KINDS:
        _refuse_name(form, name)
        importer = EvidenceImporter(arch(read_arch(arguments.arch)), form)
        importer.feed(head)
        for block in blocks:
            importer.feed(block)
        return importer.close()
    data = head
    while len(data) <= MAX_CHARACTERS and (block := next(blocks, b"")):
        data += block
    # A comment may be in another encoding.
    text = text_of(data)
    return _from_text(source, text, detect(text) if arguments.form == "auto" else form, arguments, name)


def _from_text(source: str, text: str, form: str, arguments: argparse.Namespace, name: str) -> "Imported":
    from runner.profile.errors import ProfileError
    from runner.profile.holders import find_profiles
    from runner.profile.importers import import_profile

    _refuse_arch(arguments)
    if form == "held" or (form == "podman" and name):
        return _held(source, find_profiles(text, source), name)
    _refuse_name(form, name)
    try:
        return import_profile(text, form)
    except ProfileError:
        if arguments.form == "auto" and form == "podman" and _holds_several(text):
            return _held(source, find_profiles(text, source), name)
        raise


def _refuse_arch(arguments: argparse.Namespace) -> None:
    """Refuse `--arch` where no evidence is read; beside other files it may be meant for those."""
    if arguments.arch is not None and len(arguments.sources) == 1:
        raise UsageError(
            "--arch has no effect: it gives the numbers in evidence of calls their meaning, and this is none",
            remedy="leave it out",
        )


def _refuse_name(form: str, name: str) -> None:
    """Raise ProfileError if a profile is picked by its name in a format that has none."""
    from runner.profile.errors import ProfileError
    from runner.profile.importers import TITLES

    if name:
        raise ProfileError(
            f"this is {TITLES.get(form, 'evidence of calls')}, in which no profile is named {name!r}",
            remedy="name the file alone",
        )


def _holds_several(text: str) -> bool:
    """True if a text that is not a single JSON value holds several values with profiles among them."""
    from runner.profile.errors import ProfileError
    from runner.profile.holders import find_profiles

    try:
        return len(find_profiles(text).profiles) > 1
    except ProfileError:
        return False


def _held(source: str, holding: "Holding", name: str) -> "Imported":
    """Import the profile of that name from a file that holds some, or from the file that it names in turn."""
    from dataclasses import replace

    from runner.cli.profile.given.inputs import spoken
    from runner.cli.profile.given.within import named_file
    from runner.profile.importers import import_profile
    from runner.profile.importers.held import import_one, only_chosen
    from runner.profile.source.encoding import text_of

    held = only_chosen(holding, name)
    if holding.cut_off:
        print(f"note: {spoken(source)}: {holding.cut_off}", file=sys.stderr)
    if not held.file:
        return import_one(held)
    file, content = named_file(source, held)
    imported = import_profile(text_of(content), "podman")
    return replace(imported, read_as=f"{imported.read_as}: {file}, which {held.where} names")
