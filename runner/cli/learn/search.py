"""`workshop search`: full-text search in all lessons."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.cli.languages import add_language_option, chosen_languages
from runner.cli.output import say
from runner.errors import ExitCode

if TYPE_CHECKING:
    from runner.lab.model.workshop import Workshop
    from runner.lab.search import Found

_MOST = 20


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `search`."""
    parser = commands.add_parser(
        "search",
        description="Find the steps and the terms that have all of these words. Exits with 1 if there is none.",
    )
    parser.add_argument("words", nargs="+", metavar="WORD", help="a word, or a part of one")
    parser.add_argument(
        "--workshop",
        type=Path,
        metavar="PATH",
        help="a workshop's folder or id (default: those that came with workshop)",
    )
    add_language_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the matches, the best first."""
    from runner.cli.workshops import load_workshops
    from runner.lab.search import Index

    paths = [arguments.workshop] if arguments.workshop else []
    languages = chosen_languages(arguments, paths)
    index = Index(workshop for workshop, _ in load_workshops(paths, linted=False, languages=languages))
    words = [word for text in arguments.words for word in text.split()]
    found = index.find(words, limit=_MOST)
    if arguments.json:
        print(json.dumps({"found": [_data(workshop, one) for workshop, one in found]}, indent=2))
    elif found:
        print("\n".join(_shown(one) for _, one in found))
    else:
        say(f"no lesson has {' and '.join(words)}")
    return ExitCode.OK if found else ExitCode.FAILED


def _shown(found: "Found") -> str:
    place = found.place
    if place.lab is None or place.step is None:
        return f"glossary: {place.title}\n    {found.excerpt}"
    return f"{place.lab.id}: {place.step.title}\n    {found.excerpt}"


def _data(workshop: "Workshop", found: "Found") -> dict[str, Any]:
    place = found.place
    path = place.lab.path if place.lab is not None else place.term.span.path if place.term is not None else ""
    return {
        "workshop": workshop.id,
        "lab": place.lab.id if place.lab is not None else None,
        "step": place.step.id if place.step is not None else None,
        "term": place.term.id if place.term is not None else None,
        "title": place.title,
        "excerpt": found.excerpt,
        "path": str(path),
        "line": place.line,
    }
