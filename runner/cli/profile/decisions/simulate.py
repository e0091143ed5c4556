"""`workshop profile simulate`: the kernel's decision on calls under a profile."""

import argparse
import sys

from runner.cli.profile.decisions.asked import add_call, calls_in, given_words, read_simulation
from runner.cli.profile.given.options import add_json, read_abi, refuse_abi
from runner.errors import ExitCode, UsageError, WorkshopError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.profile.calls.call import Call
    from runner.profile.simulation import Simulation

_MAX_LINE = 4096
_LIST = "write SYSCALL [ARGUMENT…] on each line"


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


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print a line, or with `--json` an object, for each call."""
    from runner.cli.profile.decisions.judged_calls import print_verdict
    from runner.cli.profile.decisions.judging import is_line, judged_calls
    from runner.cli.profile.given.inputs import check_stdin

    if arguments.calls is not None and arguments.syscall is not None:
        raise UsageError("both a system call and --calls are given", remedy="leave one of them out")
    check_stdin(arguments.profile, arguments.calls)
    if arguments.calls is not None:
        return _decide_file(arguments)
    words = given_words(arguments)
    line = " ".join(words)
    simulation = read_simulation(arguments, line.encode())
    asked = calls_in(words)
    if len(asked) == 1 and is_line(words):
        refuse_abi(arguments)
        for verdict in judged_calls(line, simulation):
            print_verdict(verdict, simulation, as_json=arguments.json)
    else:
        for call in [simulation.call(each, read_abi(arguments)) for each in asked]:
            _print(arguments, call, simulation)
    return ExitCode.OK


def _decide_file(arguments: argparse.Namespace) -> ExitCode:
    from itertools import chain

    from runner.cli.profile.given.inputs import EVIDENCE, read_blocks, spoken
    from runner.profile.errors import ProfileError
    from runner.profile.evidence.reader import BLOCK
    from runner.profile.holders.tree import first_sign
    from runner.profile.importers.tables import read_table

    blocks = read_blocks(arguments.calls, BLOCK, accepts=f"a list of calls, {EVIDENCE}")
    head = next(blocks, b"")
    simulation = read_simulation(arguments, head)
    if _is_log(head):
        from runner.cli.profile.decisions.judged_calls import print_log
        from runner.cli.profile.decisions.judging import judge_blocks

        refuse_abi(arguments)
        return print_log(arguments, simulation, *judge_blocks(chain((head,), blocks), simulation))
    read_abi(arguments)  # Else each line would tell that there is no such architecture.
    text, lines = head.decode("utf-8", "replace"), _lines(chain((head,), blocks))
    if first_sign(text) == "{":
        # Else each line of it would be a fault.
        raise ProfileError(
            "this is JSON, and no list of calls",
            file=spoken(arguments.calls),
            remedy=f"{_LIST}, or name a log",
        )
    if read_table(text):
        lines = _names_of_table(lines)
    failed = told = False
    for number, line in enumerate(lines, 1):
        decided = _decide_line(arguments, simulation, number, line)
        failed, told = failed or decided is False, told or decided is not None
    if not told:
        raise ProfileError("no system call in it", file=spoken(arguments.calls), remedy=_LIST)
    if failed:
        print(f"  next: {_LIST}, or name a log of strace or of audit records", file=sys.stderr)
    return ExitCode.USAGE if failed else ExitCode.OK


def _is_log(head: bytes) -> bool:
    """True if a file is a log rather than a list of calls as on the command line."""
    from runner.profile.calls.groups import KNOWN
    from runner.profile.evidence.strace_table import Table
    from runner.profile.importers import detect

    text = head.decode("utf-8", "replace")
    first = next((line for line in text[:_MAX_LINE].splitlines() if line.strip()), "")
    # A column of strace's tables is called as a call of MIPS is.
    is_call = not Table().begins(first) and any(word in KNOWN for word in first.split()[:1])
    return not is_call and detect(text) == "evidence"


def _lines(blocks: "Iterable[bytes]") -> "Iterable[bytes]":
    partial = b""
    for block in blocks:
        *lines, partial = (partial + block).split(b"\n")
        yield from lines
    if partial:
        yield partial


def _names_of_table(lines: "Iterable[bytes]") -> "Iterable[bytes]":
    """The names of a table's calls, each on the line where it is, and blank lines for all else."""
    from runner.profile.importers.tables import read_table

    for line in lines:
        table = read_table(line.decode("utf-8", "replace"))
        yield b" ".join(name.encode() for name in table.calls) if table else b""


def _decide_line(
    arguments: argparse.Namespace, simulation: "Simulation", number: int, line: bytes
) -> bool | None:
    """Decide one line of a list of calls; report an unreadable line, and go on.

    True if it could be read, None if there is nothing to read in it.
    """
    from runner.cli.profile.decisions.judged_calls import print_verdict
    from runner.cli.profile.decisions.judging import is_line, judged_calls
    from runner.cli.profile.given.inputs import spoken
    from runner.profile.calls.spelling import plain

    text = line[:_MAX_LINE].decode("utf-8", "replace")
    words = text.split() if "(" in text else text.partition("#")[0].split()
    if not words:
        return None
    try:
        if is_line(words):
            refuse_abi(arguments)
            for verdict in judged_calls(text, simulation):
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

        from runner.cli.profile.decisions.as_json import decision_json

        print(json.dumps(decision_json(call, decision, file=simulation.file)))
        return
    print(f"{headline(call, decision)} ({reason(decision, simulation.file)})")
    for note in decision.notes:
        print(f"  note: {note}", file=sys.stderr)
