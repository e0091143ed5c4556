"""`workshop report`: the results of a class, or of one learner."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runner.cli.languages import add_language_option, chosen_languages
from runner.cli.output import check_target, say, write_told
from runner.errors import ExitCode, UsageError, harmless
from runner.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.lab.model.workshop import Workshop
    from runner.record.event import Event


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `report`."""
    parser = commands.add_parser(
        "report",
        description="Show for each step how many have done it, the median time, failed tries and hints; who "
        "finished what; and what people ran into most.",
    )
    parser.add_argument(
        "records",
        nargs="*",
        metavar="RECORD",
        help="records of classes or learners, folders that have them, or a database: postgresql://USER@HOST/DATABASE "
        "(default: your own)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="a row for each learner in each step")
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--html", action="store_true", help="one page that needs nothing else")
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="write it to FILE (default: standard output)"
    )
    parser.add_argument(
        "--workshop",
        action="append",
        type=Path,
        metavar="PATH",
        help="where a workshop is that was not delivered with this program, for its titles (may be repeated)",
    )
    parser.add_argument("--anonymous", action="store_true", help="number the learners instead of naming them")
    add_language_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the report."""
    from runner.learner.sandbox import ID as SANDBOX
    from runner.teaching.plan import plan
    from runner.teaching.report import report
    from runner.teaching.way import ways

    check_target(arguments.output)
    languages = chosen_languages(arguments, arguments.workshop or [])
    found = ways(_events(arguments.records, anonymous=arguments.anonymous))
    if not found:
        say("nothing is recorded there yet")
    steps = plan(_workshops(arguments.workshop or [], languages), found.values())
    # The sandbox has no task, and so no step.
    made = report(found, tuple(step for step in steps if step.place[0] != SANDBOX))
    if arguments.csv or arguments.json:
        from runner.report.course.tables import course_csv, course_json

        text = course_csv(made) if arguments.csv else course_json(made)
    elif arguments.html:
        from runner.report.course.html import course_html

        text = course_html(made, tr("Workshop report"))
    else:
        from runner.report.course.text import course_text

        text = course_text(made)
    write_told(arguments.output, text)
    return ExitCode.OK


def _workshops(paths: "Sequence[Path]", languages: "Sequence[str]") -> "list[Workshop]":
    """The shipped workshops and those at `paths`."""
    from runner.cli.workshops import load_workshops

    shipped = load_workshops([], linted=False, languages=languages)
    named = load_workshops(paths, linted=False, languages=languages) if paths else []
    return [workshop for workshop, _ in (*shipped, *named)]


def _events(records: "Sequence[str]", *, anonymous: bool) -> "list[Event]":
    """The recorded events; learners with the same name in several records are distinguished by the record."""
    from runner.record.opening import is_database
    from runner.record.reading import read_database, read_record, record_files

    named = [Path(record) for record in records if not is_database(record)]
    files = [file for path in (named if records else [_own()]) for file in record_files(path)]
    read = []
    for file in dict.fromkeys(file.resolve() for file in files):
        events, trouble = read_record(file)
        read.append((_called(file), events))
        if trouble:
            say(f"workshop: {harmless(trouble)}")
    read += [
        (harmless(urlsplit(address).path.strip("/") or "database"), read_database(address))
        for address in filter(is_database, dict.fromkeys(records))
    ]
    names = [{event.learner for event in events} for _, events in read]
    twice = {name for at, some in enumerate(names) for name in some if any(name in one for one in names[:at])}
    events = [
        replace(event, learner=f"{event.learner} ({called})") if event.learner in twice else event
        for called, events in read
        for event in events
    ]
    if anonymous:
        numbers = {
            name: number for number, name in enumerate(dict.fromkeys(one.learner for one in events), 1)
        }
        events = [replace(event, learner=f"learner {numbers[event.learner]}") for event in events]
    return events


def _called(file: Path) -> str:
    usual = file.stem in {"progress", "class"}
    return harmless(file.parent.name if usual else file.stem)


def _own() -> Path:
    from runner.folders import state_folder
    from runner.learner.home import progress_file

    path = progress_file(state_folder())
    if not path.exists():
        raise UsageError(
            "nothing is recorded of you yet",
            remedy="do a lab, or name a class's record: workshop report RECORD",
        )
    return path
