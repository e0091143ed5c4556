"""`workshop profile why`: the denied calls, the rules that deny them, and the changes that would allow them."""

import argparse
import os
import sys

from runner.cli.profile.given.options import add_json, add_runtime, add_target
from runner.errors import ExitCode

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.profile.evidence import Evidence
    from runner.trace.why import Answer


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `why`."""
    parser = commands.add_parser(
        "why",
        description="Say which calls of a log, a pasted line or an error message a profile denies, which rule decides "
        "(file:line), what would allow them, and where the kernel writes a record. EVIDENCE is a file of strace, of "
        "audit records or of messages, - for standard input, or the line itself. Example: workshop profile why "
        '\'mount("none", "/mnt", "tmpfs", 0, NULL) = -1 EPERM\' --profile default',
    )
    parser.add_argument("evidence", metavar="EVIDENCE", help="a file, - for standard input, or a line")
    parser.add_argument(
        "--profile",
        default="default",
        metavar="PROFILE",
        help="the profile that was in force: a file, or a built-in one (default: %(default)s)",
    )
    add_target(parser)
    add_runtime(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the answer; OK also if calls were denied, since these were asked for."""
    from itertools import chain

    from runner.cli.profile.decisions.answering import answer_lines
    from runner.cli.profile.decisions.asked import read_simulation
    from runner.cli.profile.decisions.in_words import evidence_lines
    from runner.cli.profile.decisions.kernel_log import actions_logged
    from runner.cli.profile.decisions.machines import note_others, note_own, notes_on_others
    from runner.cli.profile.given.inputs import check_stdin, spoken
    from runner.trace.judged_log import JudgedLog
    from runner.trace.why import answer

    check_stdin(arguments.profile, arguments.evidence)
    blocks = _blocks(arguments.evidence)
    head = next(blocks, b"")
    simulation = read_simulation(arguments, head)
    log = JudgedLog(simulation)
    evidence, verdicts = log.read(chain((head,), blocks)), log.verdicts
    given = arguments.profile
    named = given if spoken(given) == simulation.file else simulation.file
    found = answer(simulation, verdicts, evidence, logged=actions_logged(), named=named, own=log.own)
    _check(arguments.evidence, evidence, found)
    note_own(evidence, simulation.arch)
    if arguments.json:
        import json

        from runner.cli.profile.decisions.as_json import answer_json

        answered = answer_json(simulation, evidence, found)
        answered["notes"] = [*evidence.notes, *notes_on_others(verdicts, simulation.arch)]
        print(json.dumps(answered, indent=2))
        return ExitCode.OK
    print("\n".join(answer_lines(simulation, found)))
    for line in evidence_lines(evidence):
        print(line, file=sys.stderr)
    note_others(verdicts, simulation.arch)
    if verdicts.overflow:
        print(f"note: {verdicts.overflow:,} more calls of many kinds are not shown", file=sys.stderr)
    return ExitCode.OK


def _blocks(name: str) -> "Iterator[bytes]":
    """Read the evidence piece by piece: from a file of that name, else the text itself."""
    from runner.cli.profile.given.inputs import read_blocks
    from runner.profile.evidence.reader import BLOCK

    return iter((name.encode(),)) if _is_the_text(name) else read_blocks(name, BLOCK, messages=True)


def _is_the_text(name: str) -> bool:
    """True if the evidence itself is given, and not the name of a file."""
    from runner.cli.profile.decisions.judging import is_line

    return is_line([name]) and not os.path.exists(name)  # noqa: PTH110 - pathlib is slow to import


def _check(name: str, evidence: "Evidence", found: "Answer") -> None:
    """Raise an error if there is nothing to answer from."""
    from runner.cli.profile.given.inputs import spoken
    from runner.profile.errors import ProfileError

    if evidence.used_lines or found.reported:
        return
    file = "" if _is_the_text(name) else spoken(name)
    if evidence.messages and not evidence.unused:
        raise ProfileError(
            "it says that something failed, and names no system call: "
            f"line {evidence.messages[0].line}: {evidence.messages[0].text[:80]}",
            file=file,
            remedy="`workshop profile test` names the call, and so does a log: strace -f -o LOG PROGRAM",
        )
    if evidence.unused and evidence.unused[0].reason.startswith("a record of type SYSCALL"):
        raise ProfileError(
            "a record of type SYSCALL is of a call that seccomp let through: of others the kernel writes none",
            file=file,
            remedy="look for seccomp's own records: ausearch -m SECCOMP --raw; or for what else refuses the call",
        )
    said = f"; {evidence.unused[0]}" if evidence.unused else ""
    raise ProfileError(
        f"it mentions no system call and no known refusal{said}",
        file=file,
        remedy="give a log of strace, audit records, or the whole error message",
    )
