"""`workshop progress`: the learner's progress."""

import argparse
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from runner.cli.output import say
from runner.errors import ExitCode, WorkshopError
from runner.language import counted

if TYPE_CHECKING:
    from pathlib import Path

    from runner.lab.model.workshop import Lab, Workshop
    from runner.learner.progress.journal import Journal
    from runner.learner.progress.state import LabState

_REMEDY = "try again; if it stays so, free some space, or set XDG_STATE_HOME to a folder of yours with room"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `progress`."""
    parser = commands.add_parser(
        "progress",
        description="Show which labs you have begun and finished, with the checks passed and the time spent.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--notes", action="store_true", help="print your notes on the labs as Markdown, and nothing else"
    )
    parser.add_argument(
        "--reset",
        action="store_true",
        help="begin all labs afresh: forget the progress, delete the workspaces; your notes are kept",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the progress, or reset it."""
    from runner.folders import state_folder
    from runner.learner.home import learner_name, progress_file
    from runner.learner.progress.journal import Journal
    from runner.record.sqlite.store import SqliteStore

    state = state_folder()
    with closing(Journal(SqliteStore(progress_file(state)), learner_name())) as journal:
        if arguments.notes:
            print(_notes(journal), end="")
            return ExitCode.OK
        workshops = _standing(journal, state, reset=arguments.reset)
    if arguments.json:
        print(json.dumps({"workshops": workshops}, indent=2))
    else:
        print("\n\n".join(_shown(workshop) for workshop in workshops))
    return ExitCode.OK


def _notes(journal: "Journal") -> str:
    """The learner's notes, by workshop."""
    from runner.cli.workshops import load_workshops
    from runner.learner.progress.standing import WorkshopStanding
    from runner.learner.progress.summary import notes_markdown

    if journal.unread:
        raise WorkshopError(f"the progress cannot be read: {journal.trouble}", remedy=_REMEDY)
    workshops = load_workshops([], linted=False)
    notes = (notes_markdown(WorkshopStanding.of(workshop, journal.progress)) for workshop, _ in workshops)
    text = "\n".join(filter(None, notes))
    if not text:
        say("there are no notes yet: N in a lab opens them")
    return text


def _standing(journal: "Journal", state: "Path", *, reset: bool) -> list[dict[str, Any]]:
    """Each workshop with the learner's progress in its labs, after a reset if asked for."""
    from runner.cli.workshops import load_workshops
    from runner.language import preferred

    if journal.notice:
        say(f"workshop: {journal.notice}")
    if journal.unread:
        raise WorkshopError(f"the progress cannot be read: {journal.trouble}", remedy=_REMEDY)
    if reset:
        _forget(journal, state)
    return [
        {
            "id": workshop.id,
            "title": workshop.title,
            "labs": [
                {**_lab(lab, journal.lab(workshop.id, lab.id)), **_track(workshop, lab)} for lab in labs
            ],
        }
        for workshop, labs in load_workshops([], linted=False, languages=preferred())
    ]


def _forget(journal: "Journal", state: "Path") -> None:
    """Reset every lab that is not open in a session."""
    from runner.learner.home import lab_folder
    from runner.record.event import LabReset
    from runner.stage.persistent import forget

    if journal.trouble:
        raise WorkshopError(f"the progress cannot be written: {journal.trouble}", remedy=_REMEDY)
    begun = [
        key for key, lab in journal.progress.labs.items() if lab.step or lab_folder(state, *key).exists()
    ]
    still_open = [key for key in begun if not forget(lab_folder(state, *key))]
    for key in begun:
        if key not in still_open:
            journal.record(LabReset(), *key)
    if journal.trouble:
        raise WorkshopError(f"the progress cannot be written: {journal.trouble}", remedy=_REMEDY)
    if still_open:
        raise WorkshopError(
            f"open in a session, and kept: {', '.join(lab for _, lab in still_open)}",
            remedy="leave the lab there, then try again",
        )
    say(f"forgot {counted(len(begun), 'labs')}" if begun else "there was nothing to forget")


def _lab(lab: "Lab", state: "LabState") -> dict[str, Any]:
    checks = [check.id for check in lab.checks]
    standing = "finished" if state.finished else "begun" if state.begun else "new"
    return {
        "id": lab.id,
        "title": lab.title,
        "standing": standing,
        "step": state.step or None,
        # What held in a lab that was only looked into is no progress.
        "checks": {check: state.begun and check in state.passed for check in checks},
        "hints": state.hints,
        "solved": [step.id for step in lab.steps if state.of(step.id).solved or state.of(step.id).skipped],
        "seconds": round(state.seconds),
        "minutes": lab.minutes,
    }


def _track(workshop: "Workshop", lab: "Lab") -> dict[str, str]:
    track = workshop.track_of(lab)
    return {} if track is None else {"track": track.title}


def _shown(workshop: dict[str, Any]) -> str:
    from runner.learner.progress.summary import duration

    labs = workshop["labs"]
    names, titles = (max((len(lab[key]) for lab in labs), default=0) for key in ("id", "title"))
    lines = [workshop["title"]]
    track = ""
    for lab in labs:
        if lab.get("track", "") != track:
            track = lab["track"]
            lines.append(track)
        mark = {"finished": "✓", "begun": "◐", "new": "○"}[lab["standing"]]
        passed, total = _checks(lab)
        parts = ["done"] if lab["standing"] == "finished" else []
        parts += [f"{passed}/{total} checks"] if passed < total or not parts else []
        far = ", ".join([*parts, duration(lab["seconds"])])
        detail = f"about {lab['minutes']} min" if lab["standing"] == "new" else far
        lines.append(f"  {mark} {lab['id']:<{names}}  {lab['title']:<{titles}}  {detail}")
    done = sum(lab["standing"] == "finished" for lab in labs)
    passed, total = (sum(numbers) for numbers in zip((0, 0), *map(_checks, labs), strict=True))
    spent = sum(lab["seconds"] for lab in labs)
    lines.append(
        f"{done} of {counted(len(labs), 'labs')} done, {passed} of {counted(total, 'checks')}"
        + (f", {duration(spent)}" if spent else "")
    )
    return "\n".join(lines)


def _checks(lab: dict[str, Any]) -> tuple[int, int]:
    """The number of checks that have passed, and the number of all."""
    return sum(lab["checks"].values()), len(lab["checks"])
