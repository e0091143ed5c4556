"""The language from the command line, or from the locale."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from runner import language
from runner.errors import UsageError


def add_language_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses the language of lessons and of the app."""
    parser.add_argument(
        "--lang", metavar="CODE", help="the language, such as es (default: what the locale asks for)"
    )


def chosen_languages(arguments: argparse.Namespace, paths: Sequence[Path]) -> tuple[str, ...]:
    """The languages to look for, the best first; sets the program's texts to the first that it knows.

    Raises:
        UsageError: the command line asks for a language that nothing is available in.
    """
    wanted = language.preferred() if arguments.lang is None else _asked(arguments.lang)
    known = language.known() if wanted else ()
    own = next((name for name in wanted if name in known), "")
    if arguments.lang and wanted and not own:
        there = {*known, *_of_workshops(paths)}
        if there.isdisjoint(wanted):
            listed = ", ".join(sorted({language.ORIGINAL, *there}))
            raise UsageError(
                f"there is nothing in the language {arguments.lang!r}", remedy=f"name one of: {listed}"
            )
    language.use(own)
    return wanted


def language_for_others(arguments: argparse.Namespace, paths: Sequence[Path]) -> str:
    """The language for programs started for others, which may have another locale; "" for the original."""
    there = {*language.known(), *_of_workshops(paths)}
    return next((name for name in chosen_languages(arguments, paths) if name in there), "")


def _asked(name: str) -> tuple[str, ...]:
    return language.preferred({"LANG": name or "C"})


def _of_workshops(paths: Sequence[Path]) -> set[str]:
    from runner.cli.workshops import default_folders, workshop_folders
    from runner.lab.read.translation import languages

    folders = (folder for path in paths or default_folders() for folder in workshop_folders(path))
    return {name for folder in folders for name in languages(folder)}
