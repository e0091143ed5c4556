"""`workshop record`: show a learner the record of their events, and delete it."""

import argparse
import json
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from runner.cli.output import agreed, say
from runner.errors import ExitCode, WorkshopError
from runner.language import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.record.event import Event


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `record`."""
    parser = commands.add_parser(
        "record", description="Show the record of your work on this machine, or delete it."
    )
    parts = parser.add_subparsers(title="commands", metavar="COMMAND")
    show = parts.add_parser("show", help="print all of it", description="Print all that is recorded of you.")
    show.add_argument("--json", action="store_true", help="one JSON object a line, as it is kept")
    show.set_defaults(run=run_show)
    delete = parts.add_parser(
        "delete",
        help="delete all of it, your notes and your progress too",
        description="Delete all that is recorded of you: progress, notes, tries, hints, times. "
        "The files in your workspaces stay; `workshop progress --reset` deletes those.",
    )
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=run_delete)


def run_show(arguments: argparse.Namespace) -> ExitCode:
    """Print every event."""
    from runner.folders import state_folder
    from runner.learner.home import learner_name, progress_file
    from runner.record.sqlite.store import SqliteStore

    path = progress_file(state_folder())
    with closing(SqliteStore(path)) as store:
        events = store.events(learner_name())
        if store.unread:
            raise WorkshopError(f"the record cannot be read: {store.trouble}", remedy="try again later")
    if arguments.json:
        print("".join(f"{line}\n" for line in _as_kept(events)), end="")
        return ExitCode.OK
    if not events:
        say("nothing is recorded of you")
        return ExitCode.OK
    for line in _shown(events):
        print(line)
    counts = Counter(event.happening.kind for event in events)
    say(
        f"{counted(len(events), 'events')} in {path}: {', '.join(f'{n} {kind}' for kind, n in counts.items())}"
    )
    say("next: `workshop record delete` deletes all of it")
    return ExitCode.OK


def run_delete(arguments: argparse.Namespace) -> ExitCode:
    """Delete every event, after asking."""
    from runner.folders import state_folder
    from runner.learner.home import learner_name, progress_file
    from runner.record.sqlite.store import SqliteStore

    path = progress_file(state_folder())
    with closing(SqliteStore(path)) as store:
        events = len(store.events(learner_name()))
        question = (
            f"Delete {counted(events, 'events')}, with your notes and your progress? This cannot be undone."
        )
        if events and not arguments.yes and not agreed(question, doing="deleting"):
            say("nothing was deleted")
            return ExitCode.OK
        deleted = store.delete(learner_name())
    say(f"deleted {counted(deleted, 'events')}" if deleted else "nothing was recorded of you")
    return ExitCode.OK


def _as_kept(events: "Sequence[Event]") -> "Iterator[str]":
    from runner.record.event import data_of

    for event in events:
        content = {
            "learner": event.learner,
            "workshop": event.workshop,
            "lab": event.lab,
            "step": event.step,
            "kind": event.happening.kind,
            "time": event.time,
            "data": data_of(event.happening),
        }
        yield json.dumps(content, ensure_ascii=False)


def _shown(events: "Sequence[Event]") -> "Iterator[str]":
    from runner.record.event import data_of, shortened

    for event in events:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.time))
        place = "/".join(filter(None, (event.workshop, event.lab, event.step)))
        data = " ".join(f"{name}={value!r}" for name, value in data_of(event.happening).items())
        yield f"{when}  {event.happening.kind:<14} {shortened(f'{place}  {data}').rstrip()}"
