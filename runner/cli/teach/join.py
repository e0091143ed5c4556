"""`workshop join`: take part in a class with this machine and its engine."""

import argparse
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from runner.box import CHANNEL_VARIABLE
from runner.cli.engines import add_engine_options
from runner.cli.output import agreed, say
from runner.errors import ExitCode, UsageError, WorkshopError
from runner.extras import how_to_add

if TYPE_CHECKING:
    from runner.classroom.joining.found_class import FoundClass
    from runner.classroom.joining.membership import Membership


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `join`."""
    parser = commands.add_parser(
        "join",
        description="Do the labs on this machine, with its own engine, as one of a class: your steps, tries, hints and "
        "answers are sent to the instructor, and what they say comes back. Nobody sees your terminal.",
    )
    parser.add_argument("address", metavar="ADDRESS", help="the class's address, as the instructor shows it")
    parser.add_argument(
        "code",
        metavar="CODE",
        nargs="?",
        default="",
        help="the class's code, or your own word; not needed again",
    )
    parser.add_argument(
        "--name", help="by which the instructor knows you (default: your name on this machine)"
    )
    parser.add_argument(
        "--fingerprint",
        help="of the class's certificate, if you have it in writing; else you are asked to compare",
    )
    parser.add_argument(
        "--workshop",
        type=Path,
        metavar="PATH",
        help="a workshop's folder (default: those that came with workshop)",
    )
    add_engine_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Join the class, and show the labs until the learner leaves."""
    if find_spec("aiohttp") is None:
        raise WorkshopError(
            "`workshop join` needs the Python package aiohttp, which is not installed",
            remedy=how_to_add("classroom"),
        )
    from runner.classroom.joining.relay import relaying
    from runner.cli.learn import run as labs

    labs.require_own_terminal()
    found, before = _found(arguments)
    member = _member(found, before, arguments)
    with relaying(found, member) as socket:
        os.environ[CHANNEL_VARIABLE] = str(socket)
        return labs.run(_as_alone(arguments))


def _as_alone(arguments: argparse.Namespace) -> argparse.Namespace:
    """The arguments for the equivalent `workshop run`."""
    from runner.cli.learn import run as labs

    parser = argparse.ArgumentParser()
    labs.add_commands(parser.add_subparsers())
    workshop = [str(arguments.workshop)] if arguments.workshop else []
    consent = ["--yes"] if arguments.yes else []
    return parser.parse_args(["run", *workshop, "--resume", "--engine", arguments.engine, *consent])


def _found(arguments: argparse.Namespace) -> "tuple[FoundClass, Membership | None]":
    """Find the class and the learner's earlier membership in it; verify its fingerprint with the one given, if any."""
    from runner.classroom.joining.found_class import look
    from runner.classroom.joining.membership import Membership

    expected = arguments.fingerprint
    found = look(arguments.address, pinned=expected is not None)
    before = Membership.read(_file())
    if before is not None and before.origin != found.origin:
        before = None
    if before is not None and before.fingerprint and not found.fingerprint:
        # The fingerprint was verified on joining, so it counts now too.
        found = look(arguments.address, pinned=True)
    if before is None or expected is not None or before.fingerprint != found.fingerprint:
        _compare(found, expected)
    # If somebody vouched for it then, the address is the same.
    if before is not None and before.fingerprint not in {found.fingerprint, ""}:
        before = None
    return found, before


def _file() -> Path:
    from runner.folders import state_folder

    return state_folder() / "class.json"


def _member(found: "FoundClass", before: "Membership | None", arguments: argparse.Namespace) -> "Membership":
    """The learner's membership: the saved one if the class still knows it, else a new one."""
    from runner.classroom.joining.requests import enter, is_member
    from runner.learner.home import learner_name

    if before is not None and arguments.name in {None, before.name} and is_member(found, before):
        return before
    if not arguments.code:
        raise UsageError(
            "the class does not know you yet", remedy="give its code as well: workshop join ADDRESS CODE"
        )
    member, word = enter(found, arguments.name or learner_name(), arguments.code)
    member.write(_file())
    say(
        f"You are in the class as {member.name}. From another machine your own word, {word}, lets you in again."
    )
    return member


def _compare(found: "FoundClass", expected: str | None) -> None:
    """Verify that it is the learner's class, before sending anything to it."""
    from runner.classroom.fingerprint import in_two_lines

    if not found.fingerprint:
        return
    if expected is not None:
        if _digits(expected) != _digits(found.fingerprint):
            raise WorkshopError(
                f"{found.origin} has a certificate with another fingerprint: {found.fingerprint}",
                remedy="compare it with the instructor's screen; if it differs, somebody is in between: do not join",
            )
        return
    print(f"{found.origin} has a certificate of its own. Its fingerprint, on the instructor's screen too, is")
    print(*(f"  {part}" for part in in_two_lines(found.fingerprint)), sep="\n")
    if not agreed("Is it the same?", doing="joining"):
        raise WorkshopError(
            "not joined", remedy="ask the instructor for the fingerprint (`i` on their screen)"
        )


def _digits(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())
