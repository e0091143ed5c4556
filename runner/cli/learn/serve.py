"""`workshop serve`: the labs in a browser of this machine."""

import argparse
import ipaddress
import sys
from importlib.util import find_spec
from pathlib import Path

from runner.cli.engines import add_engine_options, check_engine_name
from runner.cli.workshops import load_workshops, located
from runner.errors import ExitCode, UsageError, WorkshopError
from runner.extras import how_to_add
from runner.terminal.library import library

_SESSIONS = 4


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `serve`."""
    parser = commands.add_parser(
        "serve",
        description="Print an address at which a browser of this machine finds the labs. It works for one browser; "
        "once it was used, another one is printed for the next. Each browser is a learner with progress of its own.",
        epilog="Only browsers of this machine can connect, since a session has a shell of this machine. From "
        "elsewhere, go through SSH: `ssh -L 8000:127.0.0.1:8000 HOST`, and there `workshop serve --port 8000`.",
    )
    parser.add_argument(
        "workshop",
        nargs="?",
        type=Path,
        metavar="WORKSHOP",
        help="a workshop's folder or id (default: those that came with workshop)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="the port (default: 0, a free one)")
    parser.add_argument(
        "--sessions",
        type=_count,
        default=_SESSIONS,
        metavar="N",
        help=f"how many learners there may be at once (default: {_SESSIONS})",
    )
    add_engine_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Serve until Ctrl-C or another signal, which is the usual end and no fault."""
    host = _loopback(arguments.host)
    if find_spec("textual_serve") is None:
        raise WorkshopError(
            "`workshop serve` needs the Python package textual-serve, which is not installed",
            remedy=how_to_add("serve"),
        )
    from runner.folders import state_folder

    library()
    from runner.serve.run import serve

    # What is wrong with the command line or a workshop is reported here rather than in every browser.
    check_engine_name(arguments)
    if arguments.workshop is not None:
        arguments.workshop = located(arguments.workshop)
    load_workshops([arguments.workshop] if arguments.workshop else [])
    serve(
        _session_command(arguments),
        host=host,
        port=arguments.port,
        sessions=arguments.sessions,
        folder=state_folder() / "served",
    )
    return ExitCode.OK


def _session_command(arguments: argparse.Namespace) -> list[str]:
    """The command line of one session."""
    workshop = [str(arguments.workshop.resolve())] if arguments.workshop else []
    agreed = ["--yes"] if arguments.yes else []
    return [
        sys.executable,
        "-m",
        "runner",
        "run",
        *workshop,
        "--resume",
        "--engine",
        arguments.engine,
        *agreed,
    ]


def _loopback(text: str) -> str:
    """Return an address that only this machine can reach.

    Raises:
        UsageError: other machines can reach it.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if text == "localhost" else text)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise UsageError(
            f"--host {text}: the workshop is served to this machine alone, since every session has a shell of it",
            remedy="leave --host out, and let others connect with `ssh -L`: see `workshop serve --help`",
        )
    return str(address)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of learners, 1 or more")
    return int(text)
