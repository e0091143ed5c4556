"""The `workshop` command: its parser, and the one place where an error becomes an exit code."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from runner.cli import engine, labs, profile, verify
from runner.errors import ExitCode, WorkshopError

GROUPS = (labs, verify, profile, engine)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; a reader of our output that goes away is no error."""
    arguments = _parser().parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        code = ExitCode(arguments.run(arguments))
        sys.stdout.flush()
    except WorkshopError as error:
        print(f"workshop: {error}", file=sys.stderr)
        if error.remedy:
            print(f"  try: {error.remedy}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("workshop: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workshop",
        description="Learn how seccomp confines Docker containers, by doing it in real ones.",
        epilog="Exit codes: 0 passed, 1 failed, 2 usage or a bad file, 3 no usable engine, 130 interrupted.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add_commands(commands)
    return parser


def _interrupt(*_: object) -> None:
    """End as Ctrl-C does, with everything cleaned up."""
    raise KeyboardInterrupt


class _Version(argparse.Action):
    """Looks the version up only when asked: importlib.metadata is slow to import."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser.exit(message=f"workshop {version('seccomp-workshop')}\n")
