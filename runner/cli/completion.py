"""`workshop completion`: completion of the command line by the shell."""

import argparse

from runner.errors import ExitCode


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `completion`."""
    parser = commands.add_parser(
        "completion",
        description="Print a script for your shell. For bash: workshop completion bash "
        ">~/.local/share/bash-completion/completions/workshop; for zsh: a file _workshop in a folder of $fpath; "
        "for fish: workshop completion fish >~/.config/fish/completions/workshop.fish.",
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the script."""
    import shtab

    from runner.cli.main import whole_parser

    print(shtab.complete(whole_parser(), arguments.shell))
    return ExitCode.OK
