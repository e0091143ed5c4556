"""`workshop classroom --rehearse`: the instructor's screen over a class of simulated learners."""

import argparse
import sys
from contextlib import closing

from runner.cli.languages import chosen_languages
from runner.cli.output import say
from runner.cli.workshops import load_workshops
from runner.errors import ExitCode, UsageError
from runner.folders import state_folder

LEARNERS = 30
SPEED = 4.0
HEAD_START = 20 * 60.0
"""Seconds into the class at which the screen starts: by then, somebody needs help."""


def run(arguments: argparse.Namespace) -> ExitCode:
    """Show a simulated class until the instructor leaves it."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise UsageError("the instructor's screen needs a terminal", remedy="run it in one")
    from runner.instructor.app import InstructorApp
    from runner.record.sqlite.store import SqliteStore
    from runner.stage.scratch import scratch
    from runner.teaching.rehearsal import Rehearsal
    from runner.tui.shutdown import Shutdown

    named = [arguments.workshop] if arguments.workshop else []
    languages = chosen_languages(arguments, named)
    workshop, _ = load_workshops(named, linted=False, languages=languages)[0]
    with scratch() as hidden, closing(SqliteStore(hidden / "class.sqlite3")) as store:
        control = Rehearsal(workshop, store, learners=LEARNERS, speed=SPEED, head_start=HEAD_START)
        control.go_on()
        control.start()
        app = InstructorApp(
            control=control,
            store=store,
            workshop=workshop,
            folder=state_folder() / "rehearsal",
            clock=control.clock,
        )
        with Shutdown(
            leave=lambda: app.exit(return_code=ExitCode.INTERRUPTED),
            clean_up=control.close,
        ):
            app.run()
    if app.return_code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if app.written:
        say(app.written)
    return ExitCode(app.return_code or 0)
