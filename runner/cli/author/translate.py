"""`workshop translate`: the files of a workshop's translation."""

import argparse
from pathlib import Path

from runner.cli.output import say
from runner.errors import ExitCode, UsageError


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `translate`."""
    parser = commands.add_parser(
        "translate",
        description="Write the files that a translation of a workshop stands in, or bring them up to date: what is "
        "translated stays, what is new stands there in the original, what has gone is dropped.",
    )
    parser.add_argument("language", metavar="LANGUAGE", help="its code, such as es")
    parser.add_argument("path", type=Path, metavar="PATH", help="the workshop's folder")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the files, and report how complete the translation is."""
    from runner.cli.workshops import workshop_folders
    from runner.lab.read.workshop import read_workshop
    from runner.lab.translating import update_translation

    for folder in workshop_folders(arguments.path):
        reading = read_workshop(folder)
        if reading.workshop is None or reading.errors:
            raise UsageError(f"{folder} has errors", remedy="run `workshop lint`, which shows them")
        for written in update_translation(reading.workshop, arguments.language):
            dropped = f", {written.dropped} dropped" if written.dropped else ""
            total = written.translated + written.missing
            say(f"{written.path}: {written.translated} of {total} texts translated{dropped}")
    return ExitCode.OK
