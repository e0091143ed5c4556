"""`workshop profile diff`: the differences between two profiles' decisions."""

import argparse
import os
import sys

from runner.cli.profile.given.options import USUAL_CAPS, add_engine_version, add_json, add_kernel
from runner.errors import ExitCode

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.profile.model import Json, OciSeccomp, Profile, Target
    from runner.profile.views.diff import Difference

ENGINE = "engine"
"""The name of the running engine's own default profile."""
_TITLES = {
    "allowed": "Only the second profile allows",
    "denied": "Only the first profile allows",
    "arguments": "Allowed for different arguments",
    "outcome": "Denied differently",
}
_SETTINGS = {"default": "default action"}
"""A setting's name in text output, if its name in JSON is not clear enough."""


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `diff`."""
    parser = commands.add_parser(
        "diff",
        description="Compare two profiles by what they decide, not by their text. Exits with 1 if they differ. The "
        "name 'engine' stands for the default profile of the running engine, default@20.10.9 for that of a version.",
    )
    for which in ("a", "b"):
        parser.add_argument(
            which, metavar=which.upper(), help="a file, -, a built-in profile's name, or engine"
        )
    parser.add_argument(
        "--caps",
        action="append",
        metavar="SET",
        help="capabilities: default, all, none, or CAP_A,CAP_B; repeat to compare for several (default: default)",
    )
    parser.add_argument(
        "--arch",
        action="append",
        help="architecture; repeat to compare for several (default: this machine's)",
    )
    add_kernel(parser)
    parser.add_argument("--engine", metavar="ENDPOINT", help="which engine 'engine' means")
    add_engine_version(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the differences for each target; exit code FAILED if there are any."""
    from runner.cli.profile.given.fitting import refuse_unused
    from runner.cli.profile.given.inputs import check_stdin, spoken
    from runner.cli.profile.given.named import for_its_reader
    from runner.cli.profile.given.source import of_engine, read_named
    from runner.cli.profile.given.versions import read_version
    from runner.profile.views.diff import diff

    engine = read_version(arguments.engine_version, "--engine-version")
    names = tuple(of_engine(name, engine) for name in (arguments.a, arguments.b))
    check_stdin(*names)
    if ENGINE not in names:
        refuse_unused(
            {"--engine": arguments.engine},
            f"it says which engine '{ENGINE}' means, and neither profile is that",
            f"name {ENGINE} in place of a profile, or leave --engine out; --engine-version is a version's default",
        )
    profiles = [None if name == ENGINE else for_its_reader(read_named(name)).profile for name in names]
    compared = []
    for label, target in _targets(arguments):
        before, after = (
            _resolved(name, profile, target, arguments.engine)
            for name, profile in zip(names, profiles, strict=True)
        )
        compared.append((label, diff(before, after, target.arch)))
    if arguments.json:
        import json

        print(json.dumps({"targets": [_json(label, found) for label, found in compared]}, indent=2))
    else:
        for label, found in compared:
            _print(label if len(compared) > 1 else "", found)
        if not any(found for _, found in compared):
            print(f"{' and '.join(map(spoken, names))} decide the same", file=sys.stderr)
    return ExitCode.FAILED if any(found for _, found in compared) else ExitCode.OK


def _targets(arguments: argparse.Namespace) -> "Iterator[tuple[str, Target]]":
    from runner.cli.profile.given.options import read_arch, read_kernel
    from runner.cli.profile.given.versions import read_version
    from runner.profile.capabilities import read_capabilities
    from runner.profile.model import Target

    engine = read_version(arguments.engine_version, "--engine-version")
    kernel = read_kernel(arguments.kernel)
    for arch in map(read_arch, arguments.arch or [os.uname().machine]):
        for caps in arguments.caps or [USUAL_CAPS]:
            target = Target(arch=arch, caps=read_capabilities(caps, engine), kernel=kernel, engine=engine)
            yield f"{arch}, capabilities {caps}", target


def _resolved(
    name: str, profile: "Profile | None", target: "Target", endpoint: str | None
) -> "OciSeccomp | None":
    from runner.cli.profile.given.inputs import spoken
    from runner.profile.errors import ProfileError
    from runner.profile.resolve import resolve

    if profile is None:
        from runner.cli.profile.engine_default import engine_default

        return engine_default(target, endpoint)
    try:
        return resolve(profile, target)
    except ProfileError as error:
        raise error.in_file(spoken(name)) from None


def _print(label: str, found: "Difference") -> None:
    if label:
        print(f"{label}: {'different' if found else 'the same'}")
    for setting in found.settings:
        name = _SETTINGS.get(setting.name, setting.name)
        print(f"{name}: {setting.before or 'none'} → {setting.after or 'none'}")
    for kind, title in _TITLES.items():
        changes = [change for change in found.changes if change.kind == kind]
        if changes:
            print(f"{title}:")
        for change in changes:
            print(f"  {change.name}: {change.before} → {change.after}")


def _json(label: str, found: "Difference") -> "Json":
    return {
        "target": label,
        "settings": [
            {"name": setting.name, "before": setting.before, "after": setting.after}
            for setting in found.settings
        ],
        "calls": [
            {"name": change.name, "change": change.kind.value, "before": change.before, "after": change.after}
            for change in found.changes
        ],
    }
