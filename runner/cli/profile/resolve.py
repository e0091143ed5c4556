"""`workshop profile resolve`: the OCI object that the engine would hand to the runtime."""

import argparse

from runner.cli.profile.given.options import add_json, add_output, add_profile, add_target
from runner.errors import ExitCode


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `resolve`."""
    parser = commands.add_parser(
        "resolve",
        description="Resolve a profile for an architecture, capabilities, a kernel and an engine, as the engine does "
        "before it starts a container. null means that the container would run unconfined.",
    )
    add_profile(parser)
    add_target(parser)
    add_output(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the OCI `linux.seccomp` object, indented unless `--json` asks for compact output."""
    import json

    from runner.cli.output import check_target, write_told
    from runner.cli.profile.given.named import read_profile_argument
    from runner.profile.source.oci import oci_json

    check_target(arguments.output)
    oci = read_profile_argument(arguments).resolved()
    text = json.dumps(oci_json(oci) if oci else None, indent=None if arguments.json else 2)
    write_told(arguments.output, f"{text}\n")
    return ExitCode.OK
