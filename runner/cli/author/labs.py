"""`workshop list`, `workshop lint` and `workshop new`: list workshops, check them and start new ones."""

import argparse
import json
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.cli.languages import add_language_option, chosen_languages
from runner.cli.workshops import (
    along,
    default_folders,
    linted_workshop,
    remembered_workshop,
    workshop_folders,
)
from runner.errors import ExitCode, UsageError, harmless
from runner.language import counted
from runner.paths import is_file

if TYPE_CHECKING:
    from runner.lab.model.span import Problem
    from runner.lab.model.track import LearningPath, Track
    from runner.lab.model.workshop import Lab, Workshop


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `list`, `lint` and `new`."""
    shown = commands.add_parser("list", description="List workshops and their labs.")
    shown.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="workshop folders or ids (default: those that came with workshop, and those that were installed)",
    )
    shown.add_argument(
        "--path", metavar="ID", help="show only the labs of one of the workshop's paths, such as a talk's"
    )
    add_language_option(shown)
    shown.add_argument("--json", action="store_true", help="print JSON")
    shown.set_defaults(run=run_list)
    lint = commands.add_parser(
        "lint",
        description="Find everything that is wrong with workshops, with file and line. "
        "Exits with 2 if there is an error.",
    )
    lint.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="workshop folders or labs")
    lint.add_argument("--json", action="store_true", help="print JSON")
    lint.set_defaults(run=run_lint)
    new = commands.add_parser(
        "new",
        description="Write a small workshop that lints clean and verifies, to be changed into your own.",
    )
    new.add_argument(
        "path", type=Path, metavar="PATH", help="the folder to make; its name becomes the workshop's id"
    )
    new.set_defaults(run=run_new)


def run_list(arguments: argparse.Namespace) -> ExitCode:
    """List workshops; report on stderr any that cannot be read."""
    from runner.lab.model.span import Severity

    folders = [folder for path in arguments.paths or default_folders() for folder in workshop_folders(path)]
    wanted = chosen_languages(arguments, arguments.paths)
    readings = [remembered_workshop(folder, wanted) for folder in folders]
    workshops = [workshop for workshop, _ in readings if workshop is not None]
    if arguments.path is not None:
        workshops = [along(workshops, arguments.path)]
    if arguments.json:
        print(json.dumps({"workshops": [_listed(workshop) for workshop in workshops]}, indent=2))
    else:
        print("\n\n".join(_shown(workshop) for workshop in workshops))
    errors = [found for _, problems in readings for found in problems if found.severity is Severity.ERROR]
    for error in errors:
        print(error, file=sys.stderr)
    return ExitCode.USAGE if errors else ExitCode.OK


def run_lint(arguments: argparse.Namespace) -> ExitCode:
    """Lint workshops; for a lab's file, show only the problems of that lab."""
    from runner.lab.model.span import Severity

    problems = [
        problem
        for path in arguments.paths
        for folder in workshop_folders(path)
        for problem in _lint(folder, path)
    ]
    counts = {f"{kind}s": sum(problem.severity is kind for problem in problems) for kind in Severity}
    if not counts["notices"]:
        del counts["notices"]
    if arguments.json:
        print(json.dumps({"problems": [_found(problem) for problem in problems], "counts": counts}, indent=2))
    else:
        for problem in problems:
            mark = "" if problem.severity is Severity.ERROR else f"{problem.severity}: "
            print(f"{problem.span}: {mark}{problem.message} [{problem.rule}]")
            if problem.text:
                print(f"    {_shortened(problem.text)}")
        print(", ".join(counted(number, name) for name, number in counts.items()), file=sys.stderr)
    return ExitCode.USAGE if counts["errors"] else ExitCode.OK


def _lint(folder: Path, named: Path) -> Iterable["Problem"]:
    from runner.lab.read.folder import MANIFEST

    workshop, problems = linted_workshop(folder)
    if not is_file(named) or named.name == MANIFEST or workshop is None:
        # Without a workshop, the lab is unknown; a path that is not a file is a folder, or an installed
        # workshop's id.
        return problems
    only = {problem.span.path for problem in problems if problem.span.path.name == named.name}
    if not only and not any(lab.path.name == named.name for lab in workshop.labs):
        raise UsageError(f"{named}: not a lab of {folder}", remedy=f"list it in {folder / MANIFEST}")
    return (problem for problem in problems if problem.span.path in only)


def run_new(arguments: argparse.Namespace) -> ExitCode:
    """Write a template workshop."""
    from runner.lab.template import write_template

    folder = write_template(arguments.path)
    print(f"wrote {folder}")
    named = shlex.quote(str(folder))
    print(f"next: workshop lint {named} && workshop verify {named}", file=sys.stderr)
    return ExitCode.OK


def _listed(workshop: "Workshop") -> dict[str, Any]:
    labs = [
        {"id": lab.id, "title": lab.title, "minutes": lab.minutes, "path": str(lab.path)}
        for lab in workshop.labs
    ]
    return {
        "id": workshop.id,
        "title": workshop.title,
        "path": str(workshop.path),
        "labs": labs,
        **_installed(workshop),
        **_ways(workshop, "tracks", workshop.tracks),
        **_ways(workshop, "paths", workshop.paths),
    }


def _installed(workshop: "Workshop") -> dict[str, Any]:
    """The source of an installed workshop, and whether it has changed since; empty for one that was not installed."""
    from runner.installed import digest, origin

    came = origin(workshop.path)
    if came is None:
        return {}
    return {
        "installed": {
            "from": came.source,
            "commit": came.commit or None,
            "changed": digest(workshop.path) != came.digest,
        }
    }


def _ways(workshop: "Workshop", key: str, ways: "Sequence[Track | LearningPath]") -> dict[str, Any]:
    """Tracks or paths by the ids of their labs; empty if the workshop has none."""
    listed = [
        {
            "id": way.id,
            "title": way.title,
            "summary": way.summary,
            "minutes": _minutes(workshop.labs_of(way)),
            "labs": list(way.labs),
        }
        for way in ways
    ]
    return {key: listed} if listed else {}


def _minutes(labs: "Iterable[Lab]") -> int:
    return sum(lab.minutes for lab in labs)


def _duration(labs: "Iterable[Lab]") -> str:
    from runner.learner.progress.summary import duration

    return duration(60 * _minutes(labs))


def _shown(workshop: "Workshop") -> str:
    width = max((len(lab.id) for lab in workshop.labs), default=0)
    numbers = {lab.id: number for number, lab in enumerate(workshop.labs, 1)}
    digits = len(str(len(numbers)))
    lines = [f"{workshop.id}: {workshop.title} ({_duration(workshop.labs)})"]
    if came := _installed(workshop).get("installed"):
        commit = f" at commit {came['commit'][:12]}" if came["commit"] else ""
        changed = "; it was changed since" if came["changed"] else ""
        lines.append(f"  installed from {came['from']}{commit}{changed}")
    for track, labs in workshop.parts:
        indent = "  "
        if track is not None:
            lines += ["", f"  {track.title} ({_duration(labs)})"]
            indent = "    "
        lines += [
            f"{indent}{numbers[lab.id]:{digits}}. {lab.id:{width}}  {lab.minutes:3} min  {lab.title}"
            for lab in labs
        ]
    if workshop.paths:
        lines += ["", "  Paths (workshop run --path ID)"]
    for path in workshop.paths:
        taken = workshop.labs_of(path)
        named = ", ".join(lab.id for lab in taken)
        lines += _wrapped(
            f"    {path.id:{digits + 2 + width}}  ", f"{path.title}, {_duration(taken)}: {named}"
        )
    return "\n".join(lines)


def _wrapped(head: str, text: str) -> list[str]:
    """A line that wraps at the terminal's width, with the continuation indented under the text."""
    columns = max(shutil.get_terminal_size().columns, len(head) + 20)
    return textwrap.wrap(
        text, columns, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    )


def _found(problem: "Problem") -> dict[str, Any]:
    return {
        "path": str(problem.span.path),
        "line": problem.span.line,
        "end": problem.span.end,
        "severity": problem.severity.value,
        "rule": str(problem.rule),
        "message": problem.message,
        "text": problem.text,
    }


def _shortened(text: str, limit: int = 100) -> str:
    # A lab's text must not act on the terminal, whatever control characters it holds.
    text = harmless(text)
    return text if len(text) <= limit else f"{text[:limit]}…"
