"""`workshop install` and `workshop uninstall`: workshops from elsewhere."""

import argparse

from runner.cli.author.installing import found_in, install_workshops, scratch_folder
from runner.cli.output import say
from runner.errors import ExitCode


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `install` and `uninstall`."""
    install = commands.add_parser(
        "install",
        description="Add a workshop from elsewhere, or what a bundle has. Says what its labs will run outside "
        "containers, and asks before it trusts them.",
    )
    install.add_argument(
        "source",
        metavar="FILE|FOLDER|GIT-URL",
        help="a bundle, an archive of a workshop (tar or zip), its folder, or a git repository",
    )
    install.add_argument("--yes", action="store_true", help="trust it without being asked")
    install.add_argument(
        "--all", action="store_true", help="show every command that it will run on this machine"
    )
    install.set_defaults(run=run_install)
    uninstall = commands.add_parser("uninstall", description="Remove a workshop that was installed.")
    uninstall.add_argument("id", metavar="ID", help="its id, as `workshop list` shows it")
    uninstall.set_defaults(run=run_uninstall)


def run_install(arguments: argparse.Namespace) -> ExitCode:
    """Fetch a workshop, show the commands it will run, ask, and install it."""
    from runner.bundle.unpacking import is_bundle

    if is_bundle(arguments.source):
        from runner.cli.author.install_bundle import install_bundle

        return install_bundle(arguments)
    from runner.bundle.source import fetch

    with scratch_folder() as scratch:
        folder = scratch / "content"
        folder.mkdir()
        fetched = fetch(arguments.source, folder, scratch)
        install_workshops(found_in(folder, arguments.source), fetched, arguments)
    return ExitCode.OK


def run_uninstall(arguments: argparse.Namespace) -> ExitCode:
    """Remove an installed workshop."""
    from runner.installed import remove

    remove(arguments.id)
    say(f"removed {arguments.id}; learners' records of it are kept")
    return ExitCode.OK
