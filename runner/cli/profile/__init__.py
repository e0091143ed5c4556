"""`workshop profile …`: the toolkit for Docker's seccomp profiles."""

import argparse
from collections.abc import Sequence

from runner.cli.parser import Parser, Summarised

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from typing import Any

COMMANDS = {
    "lint": ("lint.command", "find the traps in profiles"),
    "explain": (
        "decisions.explain",
        "explain what a profile does with a system call, and what can stand in for it",
    ),
    "simulate": ("decisions.simulate", "say what the kernel does with a system call under a profile"),
    "why": ("decisions.why", "say what a profile denied, by which rule, and what would allow it"),
    "trace": (
        "workload.trace",
        "watch which system calls a container or a process makes, and what its profile decides",
    ),
    "test": ("workload.testing", "run a program under a profile, and name every call that was denied"),
    "generate": ("workload.generate", "make the smallest profile that a program runs under, and prove it"),
    "show": ("show", "show what a profile allows, by purpose"),
    "resolve": ("resolve", "print the OCI object that the engine makes of a profile"),
    "history": (
        "history",
        "say since when the default profile allows a call, or a version understands a word",
    ),
    "diff": ("diff", "compare what two profiles decide"),
    "edit": ("edit", "make a new profile from an old one"),
    "import": ("importing.command", "make a profile from a list, a log, or another tool's format"),
    "export": ("exporting", "print a profile in another tool's format"),
}
"""Each command's module, which is imported only when the command is given, and its summary."""

_PROG = "workshop profile"


def add_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, whole: bool = False, word: str = ""
) -> None:
    """Add `profile` and its commands, each by name only until it is used; with `whole`, with all options.

    If `word`, the word after `profile`, is a command, only that one is added.
    """
    parser = commands.add_parser(
        "profile",
        description="Work with Docker's seccomp profiles. A profile is a file, - for standard input, JSON, or the name "
        "of one that comes with the workshop: default, deny, allow, default-no-chmod; default@20.10.9 is the default "
        "profile of that Docker Engine, from 1.11 on. A file may also hold profiles among other things (compose, "
        "docker inspect, kubectl get); FILE#NAME picks one of several. FILE:FILE are compose files, each laid over "
        "those before it.",
    )
    if isinstance(parser, Parser):
        parser.meant["merge"] = (
            "profiles are merged by `workshop profile edit PROFILE --merge union --with PROFILE`"
        )
    if whole:
        named = Summarised(
            _subparsers(parser, Parser), {name: summary for name, (_, summary) in COMMANDS.items()}
        )
        for module in dict.fromkeys(module for module, _ in COMMANDS.values()):
            _add_command(module, named)
        return
    subcommands = _subparsers(parser, _Deferred)
    for name, (_, summary) in COMMANDS.items():
        if name == word or word not in COMMANDS:
            subcommands.add_parser(name, help=summary, add_help=False)


def _add_command(module: str, subcommands: "argparse._SubParsersAction[Any] | Summarised") -> None:
    from importlib import import_module

    import_module(f"{__name__}.{module}").add_command(subcommands)


class _Deferred(argparse.ArgumentParser):
    """Stands in for a command's parser until there is something to parse."""

    def parse_known_args(  # type: ignore[override]  # the overloads only tell namespaces apart
        self, args: Sequence[str] | None = None, namespace: "Any" = None
    ) -> "tuple[Any, list[str]]":
        """Parse with the command's own parser, with options at any position: `explain default --caps all chmod`."""
        name = self.prog.removeprefix(f"{_PROG} ")
        parsers = _subparsers(Parser(), Parser)
        _add_command(COMMANDS[name][0], parsers)
        parser: Parser = parsers.choices[name]
        known, unknown = parser.parse_known_intermixed_args(args, namespace)
        if unknown:
            parser.refuse(unknown)
        return known, unknown


def _subparsers(
    parser: argparse.ArgumentParser, parser_class: type[argparse.ArgumentParser]
) -> "argparse._SubParsersAction[Any]":
    # Without prog, argparse formats the usage so far, which takes a tenth of a command's time.
    return parser.add_subparsers(title="commands", metavar="COMMAND", prog=_PROG, parser_class=parser_class)
