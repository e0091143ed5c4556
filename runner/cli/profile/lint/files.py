"""Lints each profile in a file, and makes the fixes in place."""

import sys

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runner.cli.profile.given.inputs import Found
    from runner.profile.errors import ProfileError
    from runner.profile.lint import LintTarget
    from runner.profile.lint.report import Linted
    from runner.profile.source.reader import Reading

    Wanted = Callable[[str], bool]
    """A predicate of a rule's id."""


def lint_file(
    name: str, target: "LintTarget", wanted: "Wanted", *, reader: str | None, fix: bool
) -> "Iterator[Linted]":
    """The findings on each profile in a file; an unreadable profile is a finding, too.

    `reader` is who hands the profiles to the runtime, as in `LintTarget`; None for the one that the file tells.

    Raises:
        UsageError: `fix` is asked for, and the file cannot be changed in place.
    """
    from dataclasses import replace

    from runner.cli.profile.given.inputs import Found, spoken
    from runner.cli.profile.given.source import is_option, read_all, split_name
    from runner.profile.errors import NamesNoProfileError, NamesNothingError, ProfileError
    from runner.profile.lint import lint
    from runner.profile.lint.holding import UNCONFINED
    from runner.profile.lint.holding import finding_of as finding_of_place
    from runner.profile.lint.report import Linted

    try:
        profiles = read_all(name)
    except NamesNoProfileError as error:
        step = f"; {error.remedy}" if isinstance(error, NamesNothingError) else ""
        print(f"note: {error}{step}", file=sys.stderr)
        yield Linted(error.file or spoken(name), ())
        return
    except ProfileError as error:
        profiles = [Found("", error)]
    if profiles[0].off and wanted(UNCONFINED):
        for holder in dict.fromkeys(off.holder for off in profiles[0].off):
            places = (off for off in profiles[0].off if off.holder == holder)
            yield Linted(holder or spoken(split_name(name)[0]), tuple(map(finding_of_place, places)))
    if reader is None and is_option(name):
        reader = ""
    for each in profiles:
        reading = each.reading
        if isinstance(reading, ProfileError):
            yield _unusable(name, reading, target, wanted)
            continue
        if fix:
            reading = _fixed(name, reading, target, wanted)
        of_reader = replace(
            target,
            reader=reading.reader if reader is None else reader,
            reader_named=reader is not None,
            base=reading.base,
            carried=each.carried,
            named=_word_for(each, reading, name, several=len(profiles) > 1),
        )
        findings = lint(reading, of_reader, wanted)
        yield Linted(reading.file or name, findings, each.name if reading.within else "")


def _word_for(each: "Found", reading: "Reading", name: str, *, several: bool) -> str:
    """The word of a command line that means one profile of a file; "" for JSON in place of a file."""
    from runner.cli.profile.given.source import file_of

    file = file_of(name)
    if file.lstrip().startswith("{"):
        return ""
    if not reading.within:
        return reading.file or file
    return f"{file}#{each.name}" if several else file


def _unusable(name: str, error: "ProfileError", target: "LintTarget", wanted: "Wanted") -> "Linted":
    """The faults for which nobody takes a profile, and the findings on what can be read of it."""
    from runner.cli.profile.given.inputs import spoken
    from runner.profile.lint import lint
    from runner.profile.lint.report import Linted
    from runner.profile.lint.unusable import findings_of, independent

    faults, meant = findings_of(error)
    others = independent(lint(meant, target, wanted), faults) if meant else []
    findings = sorted([*faults, *others], key=lambda finding: finding.at)
    return Linted(error.file or spoken(name), findings)


def _fixed(name: str, reading: "Reading", target: "LintTarget", wanted: "Wanted") -> "Reading":
    """The profile with every certain fix, which its file has then, too.

    Raises:
        UsageError: it has no file of its own that could be changed.
    """
    from dataclasses import replace

    from runner.cli.output import write_text
    from runner.cli.profile.given.source import file_of, split_name
    from runner.profile.lint import fixed
    from runner.profile.source.reader import read_profile

    _refuse_fix(split_name(file_of(name))[0], within=reading.within)
    file = reading.file or name
    text = fixed(reading, target, wanted)
    if text == reading.document.text:
        print(f"{file}: unchanged, nothing here has a certain remedy", file=sys.stderr)
        return reading
    write_text(file, text)
    print(f"{file}: fixed", file=sys.stderr)
    return replace(read_profile(text), file=reading.file, reader=reading.reader, base=reading.base)


def _refuse_fix(file: str, *, within: bool) -> None:
    """Raise UsageError for a profile that cannot be changed in place; `within` for one that is a part of its file."""
    from shlex import quote

    from runner.cli.profile.given.inputs import BUILTIN, DEFAULT_OF

    if file == "-":
        raise UsageError("standard input cannot be changed in place", remedy="name a file")
    if file.lstrip().startswith("{"):
        raise UsageError("JSON on the command line cannot be changed in place", remedy="write it to a file")
    if file in BUILTIN or file.startswith(DEFAULT_OF):
        copy = f"{file.replace('@', '-')}.json"
        raise UsageError(
            f"{file} comes with the workshop and is not changed in place",
            remedy=f"copy it with `workshop profile edit {file} -o {copy}` and name the copy",
        )
    if within:
        raise UsageError(
            f"{file} holds the profile among other things, and is not changed in place",
            remedy=f"take it out with `workshop profile import {quote(file)}`, and name the copy",
        )
