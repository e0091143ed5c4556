"""`workshop profile …`: the toolkit for Docker's seccomp profiles."""

from runner.cli.profile import convert, diff, edit, explain, lint, resolve, show, simulate

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    import argparse

MODULES = (lint, explain, simulate, show, resolve, diff, edit, convert)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `profile` and its commands."""
    parser = commands.add_parser(
        "profile",
        help="read, check, explain, compare and change seccomp profiles",
        description="Work with Docker's seccomp profiles. A profile is a file, - for standard input, or the name "
        "of one that comes with the workshop: default, deny, allow, default-no-chmod.",
    )
    subcommands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in MODULES:
        module.add_command(subcommands)
