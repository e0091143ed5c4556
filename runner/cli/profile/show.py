"""`workshop profile show`: list the calls that a profile allows."""

import argparse

from runner.cli.profile.given.options import USUAL_CAPS, add_json, add_profile, add_target
from runner.errors import ExitCode

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.model import Json, OciSeccomp
    from runner.profile.views.show import Gain

_WIDTH = 100


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `show`."""
    parser = commands.add_parser(
        "show",
        description="Show what a profile decides for a container with these capabilities: the calls by what they are "
        "for, and the conditions spelt out.",
    )
    add_profile(parser)
    add_target(parser)
    parser.add_argument("--matrix", action="store_true", help="show instead what each capability adds")
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the sections, or the matrix."""
    import json

    from runner.cli.profile.given.fitting import refuse_unused
    from runner.cli.profile.given.named import read_profile_argument
    from runner.profile.errors import ProfileError
    from runner.profile.views.show import matrix

    if arguments.matrix:
        refuse_unused(
            {"--caps": None if arguments.caps == USUAL_CAPS else arguments.caps},
            "--matrix shows what each capability adds",
            "leave one of them out",
        )
    named = read_profile_argument(arguments)
    oci = named.resolved()
    try:
        gains = matrix(named.reading.profile, named.target) if arguments.matrix else ()
    except ProfileError as error:
        raise error.in_file(named.file) from None
    if arguments.json:
        print(json.dumps(_matrix_json(gains) if arguments.matrix else _json(oci), indent=2))
    elif arguments.matrix:
        _print_matrix(gains)
    else:
        if named.name != arguments.profile:
            print(f"{named.name}:")
        _print(oci)
    return ExitCode.OK


def _print(oci: "OciSeccomp | None") -> None:
    from runner.profile.filter.effective import effective
    from runner.profile.views.show import sections

    if oci is None:
        print("The profile turns seccomp off: every call is allowed.")
        return
    view = effective(oci)
    print(f"A call that is not listed: {view.default}.")
    listed = "denied with EPERM" if view.default.passes else "allowed"
    print(f"A listed call without a word beside it: {listed}.")
    if oci.architectures:
        print(f"Architectures: {' '.join(oci.architectures)}.")
    for section in sections(view):
        print(f"\n{section.group.id}: {section.group.title}")
        _print_wrapped(section.plain)
        for name, text in section.special:
            print(f"  {name}: {text}")


def _print_matrix(gains: "tuple[Gain, ...]") -> None:
    for gain in gains:
        print(" + ".join(gain.caps))
        _print_wrapped(tuple(name for name, text in gain.calls if text == "allow"))
        for name, text in gain.calls:
            if text != "allow":
                print(f"  {name}: {text}")


def _print_wrapped(names: tuple[str, ...]) -> None:
    from textwrap import fill

    if names:
        print(
            fill(
                " ".join(names),
                _WIDTH,
                initial_indent="  ",
                subsequent_indent="  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        )


def _json(oci: "OciSeccomp | None") -> "Json":
    from runner.profile.filter.effective import effective
    from runner.profile.views.show import sections

    view = effective(oci)
    return {
        "seccomp": oci is not None,
        "default": str(view.default),
        "architectures": list(oci.architectures) if oci else [],
        "groups": [
            {
                "id": section.group.id,
                "title": section.group.title,
                "calls": {
                    **dict.fromkeys(section.plain, "EPERM" if view.default.passes else "allow"),
                    **dict(section.special),
                },
            }
            for section in sections(view)
        ],
    }


def _matrix_json(gains: "tuple[Gain, ...]") -> "Json":
    return {"capabilities": [{"caps": list(gain.caps), "calls": dict(gain.calls)} for gain in gains]}
