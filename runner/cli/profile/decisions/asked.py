"""What is asked of a profile: the call on the command line, and the target that the profile is in force on."""

import argparse
import os
import sys

from runner.cli.profile.given.options import add_profile, add_runtime, add_target
from runner.errors import UsageError
from runner.paths import is_file

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.simulation import Simulation


def add_call(parser: argparse.ArgumentParser) -> None:
    """Add the profile, the call, and the options that decisions depend on."""
    add_profile(parser)
    parser.add_argument(
        "syscall",
        nargs="?",
        help="its name or number (several with commas), or a pasted line of strace or of an audit record",
    )
    parser.add_argument(
        "arguments",
        nargs="*",
        default=[],  # Without one, argparse names it among the missing ones.
        metavar="ARGUMENT",
        help="a number (0777 is octal), a constant (CLONE_NEWUSER|CLONE_NEWNS), or a text such as a path; default: 0",
    )
    add_target(parser)
    parser.add_argument(
        "--abi", metavar="ARCH", help="make the call as programs of another architecture do (386 on amd64)"
    )
    add_runtime(parser)


def given_words(arguments: argparse.Namespace) -> list[str]:
    """Return the call on the command line: its name and arguments, or a line in one word.

    Raises:
        UsageError: no call is given, or a file in place of one.
    """
    _check_profile(arguments)
    if not (arguments.syscall or "").strip():
        raise UsageError("no system call is named", remedy="name one after the profile, such as chmod")
    from runner.profile.calls.spelling import plain

    words: list[str] = [arguments.syscall.strip(), *arguments.arguments]
    _refuse_condition(" ".join(words))
    if len(words) == 1 and "(" not in words[0]:
        from runner.profile.calls.groups import KNOWN

        if words[0] not in KNOWN and is_file(words[0]):
            from shlex import join

            decided = ["workshop", "profile", "simulate", arguments.profile, "--calls", words[0]]
            raise UsageError(
                f"{words[0]} is a file, and no system call",
                remedy=f"`{join(decided)}` decides on the calls in it",
            )
        split = words[0].split()
        if len(split) > 1 and split[0] in KNOWN:
            return split
    return [words[0] if "(" in words[0] else plain(words[0]), *words[1:]]


def calls_in(words: list[str]) -> list[list[str]]:
    """Return the calls in the words of a command line: one with its arguments, a line, or several names.

    Raises:
        UsageError: there are arguments beside several names.
    """
    from runner.profile.calls.groups import KNOWN
    from runner.profile.calls.spelling import plain

    text = " ".join(words)
    names = [] if "(" in text else [plain(name) for name in text.replace(",", " ").split()]
    if len(names) > 1 and all(name in KNOWN for name in names):
        return [[name] for name in names]
    if "," not in words[0] or not names or " " in words[0]:
        return [words]
    if len(words) > 1:
        raise UsageError(
            f"arguments are given, and a comma behind the call: {text!r}",
            remedy="name one call with its arguments, with blanks between them, or several calls without any",
        )
    return [[name] for name in names]


def _refuse_condition(text: str) -> None:
    """Refuse a call with conditions, which stands for many calls: a decision is made on one."""
    if "arg" not in text:  # most calls need no module for this
        return
    from runner.profile.written_conditions import is_conditional

    if is_conditional(text):
        raise UsageError(
            f"{text!r} is a condition, and a decision is made on one call",
            remedy=f"give arguments that meet it, such as {text.partition(' ')[0]} VALUE; conditions are for `edit`",
        )


def _check_profile(arguments: argparse.Namespace) -> None:
    """Refuse a call in the place of the profile."""
    from shlex import join

    from runner.profile.calls.groups import KNOWN

    given: str = arguments.profile
    if given in KNOWN and not os.path.exists(given):  # noqa: PTH110 - pathlib is slow to import
        call = [] if arguments.syscall is None else [arguments.syscall, *arguments.arguments]
        raise UsageError(
            f"no profile is named: {given} is a system call",
            remedy=f"name the profile before it: default {join([given, *call])}",
        )


def read_simulation(arguments: argparse.Namespace, evidence: bytes = b"") -> "Simulation":
    """Read the profile of the command line and put it in force on its target.

    Where the command line names no machine, it is that of the `evidence` to judge, or of its beginning, which is said.
    """
    from dataclasses import replace

    from runner.cli.profile.given.named import read_profile_argument
    from runner.cli.profile.given.options import read_runtime
    from runner.cli.profile.given.versions import read_version
    from runner.profile.simulation import Simulation

    if arguments.arch is None and evidence:
        from runner.cli.profile.decisions.machines import machine_of
        from runner.cli.profile.given.options import read_arch

        arguments.arch = machine_of(evidence, read_arch(None)) or None
        if arguments.arch:
            print(
                f"note: the first records are of {arguments.arch}, and all are judged as there; --arch names another",
                file=sys.stderr,
            )
    named = read_profile_argument(arguments)
    target = replace(
        named.target,
        runtime=read_runtime(arguments.runtime, named.target.engine),
        library=read_version(arguments.libseccomp, "--libseccomp"),
    )
    return Simulation(named.reading.profile, target, file=named.file, exact=False)
