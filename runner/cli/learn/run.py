"""`workshop run`, also the default of `workshop`: the labs, in the terminal."""

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from runner.box import CHANNEL_VARIABLE
from runner.cli.engines import add_engine_options, engine_opener
from runner.cli.languages import add_language_option, chosen_languages
from runner.cli.output import say
from runner.cli.workshops import along, chosen_lab, load_workshops, named_workshop
from runner.errors import ExitCode, UsageError
from runner.language import counted
from runner.shell.processes import SHELL_VARIABLE
from runner.terminal.library import library

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.lab.model.workshop import Lab, Workshop
    from runner.learner.progress.journal import Journal
    from runner.record.notice import Notice
    from runner.tui.attending.side import ClassLink, OpenClass

    Loaded = list[tuple[Workshop, tuple[Lab, ...]]]
    """Workshops, each with the labs of it that are shown."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `run`."""
    parser = commands.add_parser(
        "run",
        description="Open the labs in this terminal, where you stopped the last time.",
    )
    parser.add_argument(
        "workshop",
        nargs="?",
        type=Path,
        metavar="WORKSHOP",
        help="a workshop's folder or id, or one of its labs (default: those that came with workshop)",
    )
    parser.add_argument(
        "lab",
        nargs="?",
        metavar="LAB",
        help="the id or the number of the lab to begin with; also without a WORKSHOP before it",
    )
    parser.add_argument(
        "--path", metavar="ID", help="show only the labs of one of the workshop's paths, such as a talk's"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="begin in the lab that was open when the program ended, if one was",
    )
    add_language_option(parser)
    add_engine_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Show the labs until the learner quits."""
    paths, lab = named_workshop(arguments.workshop, arguments.lab)
    languages = chosen_languages(arguments, paths)
    # A driver that the environment names, as `serve` does, does not use this terminal.
    if "TEXTUAL_DRIVER" not in os.environ:
        require_own_terminal()
    library()
    import gc

    # Objects made at startup stay alive; collecting garbage meanwhile would slow down the first screen.
    gc.disable()
    loaded = load_workshops(paths, linted=False, languages=languages)
    if arguments.path is not None:
        chosen = along((workshop for workshop, _ in loaded), arguments.path)
        loaded = [(chosen, chosen.labs)]
    return _show(arguments, loaded, _first(loaded, lab))


def require_own_terminal() -> None:
    """Check that the labs have a terminal, and one in which they are not open already.

    Raises:
        UsageError: they have none.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(
            "the labs need a terminal",
            remedy="run it in one; `workshop verify` plays the labs without, `workshop --help` shows the rest",
        )
    if SHELL_VARIABLE in os.environ:
        raise UsageError(
            "this shell is one of the labs' own, and they are open around it",
            remedy=f"open them a second time in another terminal, or unset {SHELL_VARIABLE} first",
        )


def _show(arguments: argparse.Namespace, loaded: "Loaded", first: "tuple[Workshop, Lab] | None") -> ExitCode:
    """Run the app, which begins in the lab `first`, if there is one."""
    from runner.folders import state_folder
    from runner.lab.model.images import images
    from runner.learner.home import learner_name, progress_file
    from runner.learner.progress.journal import Journal
    from runner.record.sqlite.store import SqliteStore
    from runner.tui.app import WorkshopApp
    from runner.tui.settings import SANDBOX, Settings
    from runner.tui.shutdown import Shutdown

    state = state_folder()
    place = Settings.below(state).place if arguments.resume else ""
    with closing(Journal(SqliteStore(progress_file(state)), learner_name())) as journal:
        app = WorkshopApp(
            workshops=[workshop for workshop, _ in loaded],
            journal=journal,
            open_engine=engine_opener(
                arguments, images((workshop, lab) for workshop, labs in loaded for lab in labs)
            ),
            state=state,
            first=first or _at(loaded, place),
            sandbox=place == SANDBOX,
            open_class=_class_opener(journal),
        )

        def clean_up() -> None:
            app.shared_engine.close()
            if app.class_link is not None:
                app.class_link.close()
            journal.close()

        # Events still waiting for a class are sent before the journal is closed.
        with Shutdown(leave=lambda: app.exit(return_code=ExitCode.INTERRUPTED), clean_up=clean_up):
            app.run()
        _tell_unsaved(journal)
    if app.return_code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    return ExitCode(app.return_code or 0)


def _tell_unsaved(journal: "Journal") -> None:
    """Tell the learner what of their progress is not on disk."""
    if journal.unsaved:
        say(
            f"workshop: the last {counted(journal.unsaved, 'events')} of your progress could not be saved: "
            f"{journal.trouble}\n  next: free some space, or set XDG_STATE_HOME to a folder of yours with room"
        )


def _class_opener(journal: "Journal") -> "OpenClass | None":
    """A function that connects with the class that the environment names; None without a class."""
    path = os.environ.get(CHANNEL_VARIABLE)
    if not path:
        return None

    def open_class(hear: "Callable[[Notice], object]", connected: "Callable[[bool], object]") -> "ClassLink":
        from runner.record.channel import ClassChannel

        return ClassChannel(Path(path), journal.log, journal.learner, hear=hear, connected=connected)

    return open_class


def _first(loaded: "Loaded", name: str | None) -> "tuple[Workshop, Lab] | None":
    """The lab that the command line gives by its id, its number or its path; None if it gives none."""
    labs = [(workshop, lab) for workshop, chosen in loaded for lab in chosen]
    if name is None:
        all_of_them = sum(len(workshop.labs) for workshop, _ in loaded)
        return labs[0] if len(labs) == 1 and all_of_them > 1 else None
    return chosen_lab(loaded, name)


def _at(loaded: "Loaded", place: str) -> "tuple[Workshop, Lab] | None":
    """The lab at a remembered place; None if the place is not a lab, or no longer exists."""
    labs = {f"{workshop.id}/{lab.id}": (workshop, lab) for workshop, labs in loaded for lab in labs}
    return labs.get(place)
