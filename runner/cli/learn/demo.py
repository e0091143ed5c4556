"""`workshop demo`: a lab that plays itself, on this terminal or into a recording."""

import argparse
import os
import re
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.engines import add_engine_options, engine_opener
from runner.cli.languages import add_language_option, chosen_languages
from runner.cli.output import check_target, say, write_told
from runner.cli.workshops import chosen_lab, load_workshops
from runner.errors import ExitCode, UsageError
from runner.language import ORIGINAL, preferred

if TYPE_CHECKING:
    from runner.lab.model.workshop import Lab, Workshop

_SIZE = (120, 36)
_MOST = 500
_LEFT = b"\x1b[?1049l"
"""The sequence that leaves the app's screen: output after it is not part of the lab."""
_MOST_SAID = 1 << 14
"""Bytes of the output before the app that are kept, for the case that there is none."""
_TERM = "xterm-256color"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `demo`."""
    parser = commands.add_parser(
        "demo",
        description="Play a lab in the app by itself, at the speed of a person: what the lesson shows is typed, its "
        "tasks are solved, its questions answered. Your own progress is not touched.",
    )
    parser.add_argument("lab", metavar="LAB", help="the id or the number of the lab")
    parser.add_argument(
        "--workshop",
        type=Path,
        metavar="PATH",
        help="a workshop's folder or id (default: those that came with workshop)",
    )
    parser.add_argument(
        "--record",
        metavar="FILE",
        help="play it on a terminal that nobody sees, and write what it shows as an asciicast (version 2)",
    )
    parser.add_argument(
        "--size",
        type=_size,
        default=_SIZE,
        metavar="COLSxROWS",
        help=f"the size of that terminal (default: {'x'.join(map(str, _SIZE))})",
    )
    parser.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N", help="so many times as fast (default: 1)"
    )
    add_language_option(parser)
    add_engine_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Play the lab to its end; a step that fails ends it with a message."""
    paths = [arguments.workshop] if arguments.workshop else []
    workshop, lab = chosen_lab(
        load_workshops(paths, linted=False, languages=chosen_languages(arguments, paths)), arguments.lab
    )
    if arguments.record is not None:
        return _record(arguments, lab)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("a demo needs a terminal", remedy="run it in one, or give it --record FILE")
    return _play(arguments, workshop, lab)


def _play(arguments: argparse.Namespace, workshop: "Workshop", lab: "Lab") -> ExitCode:
    from runner.lab.model.images import images
    from runner.learner.home import progress_file
    from runner.learner.progress.journal import Journal
    from runner.record.sqlite.store import SqliteStore
    from runner.stage.scratch import scratch
    from runner.terminal.library import library
    from runner.tui.app import WorkshopApp
    from runner.tui.screens.lab.demo import Tempo
    from runner.tui.shutdown import Shutdown

    library()
    with scratch() as state, closing(Journal(SqliteStore(progress_file(state)), "demo")) as journal:
        app = WorkshopApp(
            workshops=[workshop],
            journal=journal,
            open_engine=engine_opener(arguments, images([(workshop, lab)])),
            state=state,
            first=(workshop, lab),
            demo=Tempo(arguments.speed),
        )

        def clean_up() -> None:
            app.shared_engine.close()
            journal.close()

        with Shutdown(leave=lambda: app.exit(return_code=ExitCode.INTERRUPTED), clean_up=clean_up):
            app.run()
    if app.return_code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if app.stuck is not None:
        raise app.stuck
    return ExitCode(app.return_code or 0)


def _record(arguments: argparse.Namespace, lab: "Lab") -> ExitCode:
    from runner.report.asciicast import Asciicast
    from runner.shell.pty import HostStream

    check_target(arguments.record)
    columns, rows = arguments.size
    began = time.monotonic()
    cast = Asciicast(columns=columns, rows=rows, timestamp=int(time.time()), title=lab.title, term=_TERM)
    environment = {**os.environ, "TERM": _TERM, "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    say(f"recording {lab.id} ({columns}x{rows}); this takes minutes")
    pending = after = before = b""
    left = False
    with closing(
        HostStream(
            _command(arguments), environment=environment, directory=Path.cwd(), columns=columns, rows=rows
        )
    ) as terminal:
        while data := terminal.read():
            if left:
                after += data
                continue
            shown, found, after = (pending + data).partition(_LEFT)
            left = bool(found)
            # The sequence may come in several pieces.
            kept = 0 if left else _begun(shown)
            pending = shown[len(shown) - kept :]
            before = (before + data)[-_MOST_SAID:]
            cast.printed(shown[: len(shown) - kept], time.monotonic() - began)
        code = terminal.wait()
    if code != 0:
        # What fails before the app is on the screen has never left it.
        said = after if left else before
        message = re.sub(rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\r", b"", said).decode(
            errors="replace"
        )
        say(message.strip())
        return ExitCode(code) if code in set(ExitCode) else ExitCode.FAILED
    write_told(arguments.record, cast.text, said=f"{cast.seconds:.0f} s; `asciinema play` shows it")
    return ExitCode.OK


def _begun(shown: bytes) -> int:
    """The number of bytes at the end that may begin the sequence that leaves the app's screen."""
    return next((size for size in range(len(_LEFT) - 1, 0, -1) if shown.endswith(_LEFT[:size])), 0)


def _command(arguments: argparse.Namespace) -> list[str]:
    """The command line of the same demo without the recording."""
    words = [sys.executable, "-m", "runner", "demo", arguments.lab, "--speed", f"{arguments.speed:g}"]
    words += ["--engine", arguments.engine]
    words += ["--yes"] if arguments.yes else []
    words += ["--lang", arguments.lang or next(iter(preferred()), ORIGINAL)]
    return words + (["--workshop", str(arguments.workshop)] if arguments.workshop else [])


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,3})x(\d{1,3})", text)
    if found is None or not (20 <= int(found[1]) <= _MOST and 5 <= int(found[2]) <= _MOST):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 120x36")
    return int(found[1]), int(found[2])


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.1 <= speed <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0.1 to 100")
    return speed
