"""The `workshop` command: its parser, and the only place where errors become exit codes."""

import argparse
import errno
import gc
import io
import os
import signal
import sys

from runner import inherited_signals
from runner.cli.parser import StrictParser, Summarised
from runner.errors import ExitCode, WorkshopError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from typing import Any, TextIO

COMMANDS = {
    "run": ("runner.cli.learn.run", "open the workshop, where you left off (what `workshop` alone does)"),
    "classroom": ("runner.cli.teach.classroom", "teach a room full of people on this machine"),
    "join": ("runner.cli.teach.join", "take part in a class with this machine and its own engine"),
    "serve": ("runner.cli.learn.serve", "do the labs in a browser of this machine"),
    "progress": ("runner.cli.learn.progress", "show where you stand"),
    "record": ("runner.cli.learn.record", "show the record of your work, or delete it"),
    "report": ("runner.cli.teach.report", "show what a class, or you, have done: times, tries, hints"),
    "bundle": ("runner.cli.author.bundle", "write one file with all that a room without a network needs"),
    "install": ("runner.cli.author.install", "add a workshop from elsewhere, after showing what it will run"),
    "uninstall": ("runner.cli.author.install", "remove a workshop that was installed"),
    "list": ("runner.cli.author.labs", "list workshops and their labs"),
    "search": ("runner.cli.learn.search", "find words in all lessons"),
    "demo": ("runner.cli.learn.demo", "play a lab by itself, to be watched or recorded"),
    "verify": ("runner.cli.author.verify", "play labs headless and prove that each check can fail"),
    "lint": ("runner.cli.author.labs", "find problems in labs"),
    "translate": (
        "runner.cli.author.translate",
        "write the files of a workshop's translation, or update them",
    ),
    "new": ("runner.cli.author.labs", "start a new workshop"),
    "profile": ("runner.cli.profile", "read, check, explain, compare and change seccomp profiles"),
    "doctor": ("runner.cli.engine.doctor", "say which engine is used and why, and what is missing"),
    "engine": ("runner.cli.engine.commands", "start, look at or stop the private engine"),
    "completion": (
        "runner.cli.completion",
        "print a script that completes this command's words in your shell",
    ),
    "clean": ("runner.cli.engine.commands", "remove leftovers of killed sessions"),
}
"""Each command's module, which is imported only when the command is given, and its summary."""
_BRIEF = ("profile", "lint", "list")
"""Commands that end quickly."""
_ALLOCATIONS = 50_000


def main(argv: list[str] | None = None) -> int:
    """Run a command line and return its exit code; end silently if the reader of its output has gone."""
    _prepare_streams()
    words = (sys.argv[1:] if argv is None else argv) or ["run"]
    if words[0] in _BRIEF:
        # Nearly all objects live until the end: collecting garbage would take a twentieth of the time.
        gc.set_threshold(_ALLOCATIONS)
    inherited_signals.keep_from_children()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # With nohup, the program should outlive the terminal.
        if not inherited_signals.is_ignored(number):
            signal.signal(number, _interrupt)
    try:
        arguments = _parser(*words[:2]).parse_args(words)
        code = ExitCode(arguments.run(arguments))
        sys.stdout.flush()
    except WorkshopError as error:
        _tell(f"workshop: {_in_full(error)}")
        return error.exit_code
    except KeyboardInterrupt:
        _tell("workshop: interrupted")
        try:
            sys.stdout.flush()
        except OSError:
            _discard_output()
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Output that was lost means the command may be incomplete, so this is not OK.
        _discard_output()
        return ExitCode.NO_READER
    except OSError as error:
        return _system_error(error)
    return code


def _in_full(error: WorkshopError) -> str:
    """The message with the next step, which for a fault in a profile is to correct it."""
    errors = sys.modules.get("runner.profile.errors")
    if errors is not None and not error.remedy and isinstance(error, errors.ProfileError):
        from runner.cli.profile.given.next_step import next_step

        error.remedy = next_step(error)
    return error.in_full()


def _system_error(error: OSError) -> ExitCode:
    """The exit code for a system error that no command has handled."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
        _discard_output()
        _tell(f"workshop: cannot write: {error.strerror}")
        return ExitCode.FAILED
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        whose = (
            f"this process may have {limit} open files"
            if error.errno == errno.EMFILE
            else "the system is full"
        )
        _tell(
            f"workshop: out of file descriptors: {whose}",
            "  next: allow more with `ulimit -n 1024`, then try again",
        )
        return ExitCode.ENGINE
    if error.filename is None:
        raise error
    _tell(
        f"workshop: cannot use {error.filename}: {error.strerror}",
        "  next: check the path and its permissions",
    )
    return ExitCode.USAGE


def _prepare_streams() -> None:
    """Make sure that streams exist, even if the caller closed them, and that output accepts every character."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def _tell(*lines: str) -> None:
    """Print the final message, even if the terminal has gone."""
    try:
        print(*lines, sep="\n", file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def _discard_output() -> None:
    """Keep Python from flushing unwritable output at exit, which would change the exit code."""
    _discard(sys.stdout)


def _discard(stream: "TextIO") -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


def whole_parser() -> argparse.ArgumentParser:
    """The parser with every command and option, for describing the command line: completion, manual and docs."""
    from importlib import import_module

    parser, top = _top()
    commands = Summarised(top, {name: summary for name, (_, summary) in COMMANDS.items()})
    for module in dict.fromkeys(module for module, _ in COMMANDS.values()):
        options = {"whole": True} if module == "runner.cli.profile" else {}
        import_module(module).add_commands(commands, **options)
    return parser


def _parser(command: str, word: str = "") -> argparse.ArgumentParser:
    """The parser with the options of `command`; for an unknown command, one with all commands but no options.

    `word` is the word after the command, which may be a group's subcommand.
    """
    parser, commands = _top()
    if command in COMMANDS:
        from importlib import import_module

        options = {"word": word} if command == "profile" else {}
        import_module(COMMANDS[command][0]).add_commands(commands, **options)
    else:
        for name, (_, summary) in COMMANDS.items():
            commands.add_parser(name, help=summary)
    return parser


def _top() -> "tuple[StrictParser, argparse._SubParsersAction[Any]]":
    parser = StrictParser(
        prog="workshop",
        description="Learn how seccomp confines Docker containers, by doing it in real ones.",
        epilog="Exit codes: 0 passed, 1 failed, 2 usage or a bad file, 3 no usable engine, "
        "130 interrupted, 141 nobody reads the output any more (as under | head).",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    # Without prog, argparse formats the usage so far, and imports shutil for the terminal's width.
    return parser, parser.add_subparsers(title="commands", metavar="COMMAND", prog="workshop")


def _interrupt(*_: object) -> None:
    """End as Ctrl-C does, with cleanup."""
    raise KeyboardInterrupt


class _Version(argparse.Action):
    """Looks the version up only on demand: importlib.metadata is slow to import."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        # What argparse prints at an exit goes to standard error.
        print(f"workshop {version('seccomp-workshop')}", flush=True)
        parser.exit()
