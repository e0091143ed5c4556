"""`workshop profile simulate`: the kernel's decision on calls under a profile."""

import argparse
import sys

from runner.cli.profile.options import add_json, add_profile, add_runtime, add_target, read_abi
from runner.errors import ExitCode, UsageError, WorkshopError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.profile.calls.call import Call
    from runner.profile.simulation import Simulation

_MAX_LINE = 4096


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `simulate`."""
    parser = commands.add_parser(
        "simulate",
        description="Compile the profile as the runtime does, run the filter on the call, and print the action, the "
        "errno and the rule that decides. Example: workshop profile simulate default socket AF_INET SOCK_STREAM",
    )
    add_call(parser)
    parser.add_argument(
        "--calls",
        metavar="FILE",
        help="decide every line of a file (- for standard input): SYSCALL [ARGUMENT…], or the calls of a log of "
        "strace or of audit records, and list those that are denied",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def add_call(parser: argparse.ArgumentParser) -> None:
    """Add the profile, the call, and the options that decisions depend on."""
    add_profile(parser)
    parser.add_argument(
        "syscall", nargs="?", help="its name or number, or a pasted line of strace or of an audit record"
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


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print a line, or with `--json` an object, for each call."""
    from runner.cli.profile.inputs import check_stdin
    from runner.cli.profile.judged_calls import print_verdict
    from runner.cli.profile.judging import is_line, judge_text

    if arguments.calls is not None and arguments.syscall is not None:
        raise UsageError("both a system call and --calls are given", remedy="leave one of them out")
    check_stdin(arguments.profile, arguments.calls)
    if arguments.calls is not None:
        return _decide_file(arguments)
    words = given_words(arguments)
    line = " ".join(words)
    simulation = read_simulation(arguments, line.encode())
    if is_line(words):
        for verdict in judge_text(line, simulation)[2]:
            print_verdict(verdict, simulation, as_json=arguments.json)
    else:
        _print(arguments, simulation.call(words, read_abi(arguments)), simulation)
    return ExitCode.OK


def given_words(arguments: argparse.Namespace) -> list[str]:
    """Return the call on the command line: its name and arguments, or a line in one word.

    Raises:
        UsageError: no call is given.
    """
    _check_profile(arguments)
    if arguments.syscall is None:
        raise UsageError("no system call is named", remedy="name one after the profile, such as chmod")
    from runner.profile.calls.spelling import plain

    words: list[str] = [arguments.syscall.strip(), *arguments.arguments]
    _refuse_condition(" ".join(words))
    if len(words) == 1 and "(" not in words[0]:
        from runner.profile.calls.groups import KNOWN

        split = words[0].split()
        if len(split) > 1 and split[0] in KNOWN:
            return split
    return [words[0] if "(" in words[0] else plain(words[0]), *words[1:]]


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
    import os
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

    from runner.cli.profile.named import read_profile_argument
    from runner.cli.profile.options import read_runtime
    from runner.cli.profile.versions import read_version
    from runner.profile.simulation import Simulation

    if arguments.arch is None and evidence:
        from runner.cli.profile.judging import machine_of
        from runner.cli.profile.options import read_arch

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


def _decide_file(arguments: argparse.Namespace) -> ExitCode:
    from itertools import chain

    from runner.cli.profile.inputs import EVIDENCE, read_blocks
    from runner.profile.evidence.reader import BLOCK

    blocks = read_blocks(arguments.calls, BLOCK, accepts=f"a list of calls, {EVIDENCE}")
    head = next(blocks, b"")
    simulation = read_simulation(arguments, head)
    if _is_log(head):
        from runner.cli.profile.judged_calls import print_log
        from runner.cli.profile.judging import judge_blocks

        return print_log(arguments, simulation, *judge_blocks(chain((head,), blocks), simulation))
    failed = False
    for number, line in enumerate(_lines(chain((head,), blocks)), 1):
        failed |= not _decide_line(arguments, simulation, number, line)
    if failed:
        print(
            "  next: write SYSCALL [ARGUMENT…] on each line, or name a log of strace or of audit records",
            file=sys.stderr,
        )
    return ExitCode.USAGE if failed else ExitCode.OK


def _is_log(head: bytes) -> bool:
    """True if a file is a log rather than a list of calls as on the command line."""
    from runner.profile.calls.groups import KNOWN
    from runner.profile.importers import detect

    text = head.decode("utf-8", "replace")
    first = next((line.split()[0] for line in text[:_MAX_LINE].splitlines() if line.split()), "")
    return first not in KNOWN and detect(text) == "evidence"


def _lines(blocks: "Iterable[bytes]") -> "Iterable[bytes]":
    partial = b""
    for block in blocks:
        *lines, partial = (partial + block).split(b"\n")
        yield from lines
    if partial:
        yield partial


def _decide_line(arguments: argparse.Namespace, simulation: "Simulation", number: int, line: bytes) -> bool:
    """Decide one line of a list of calls; report an unreadable line, and go on. True if it could be read."""
    from runner.cli.profile.inputs import spoken
    from runner.cli.profile.judged_calls import print_verdict
    from runner.cli.profile.judging import is_line, judge_text
    from runner.profile.calls.spelling import plain

    text = line[:_MAX_LINE].decode("utf-8", "replace")
    words = text.split() if "(" in text else text.partition("#")[0].split()
    if not words:
        return True
    try:
        if is_line(words):
            for verdict in judge_text(text, simulation)[2]:
                print_verdict(verdict, simulation, as_json=arguments.json)
        else:
            call = simulation.call((plain(words[0]), *words[1:]), read_abi(arguments))
            _print(arguments, call, simulation)
    except WorkshopError as error:
        print(f"{spoken(arguments.calls)}:{number}: {error}", file=sys.stderr)
        return False
    return True


def _print(arguments: argparse.Namespace, call: "Call", simulation: "Simulation") -> None:
    from runner.profile.views.explain import reason
    from runner.profile.views.headline import headline

    decision = simulation.decide(call)
    if arguments.json:
        import json

        from runner.cli.profile.judging import decision_json

        print(json.dumps(decision_json(call, decision, file=simulation.file)))
        return
    print(f"{headline(call, decision)} ({reason(decision, simulation.file)})")
    for note in decision.notes:
        print(f"  note: {note}", file=sys.stderr)
