"""Calls and evidence judged by a profile, and notes on what was judged, and as whose."""

import re
import sys

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runner.profile.calls.syscalls import Arch
    from runner.profile.evidence import Evidence
    from runner.profile.simulation import Simulation
    from runner.profile.views.verdicts import Verdict, Verdicts

_MOST_SHOWN = 8
_LINE = re.compile(r"[(=\s]")
_ACTIONS = "/proc/sys/kernel/seccomp/actions_logged"


def is_line(words: "Sequence[str]") -> bool:
    """True if the words given for a call are a line of a log, or a message."""
    return bool(words) and _LINE.search(words[0]) is not None


def judge_text(text: str, simulation: "Simulation") -> "tuple[Evidence, Verdicts, list[Verdict]]":
    """Judge the calls of a pasted text by a profile; for a message, the calls that it may be about.

    Raises:
        UsageError: the text mentions no system call.
    """
    from runner.profile.evidence import read_evidence
    from runner.profile.evidence.messages import told
    from runner.profile.views.verdicts import Verdicts
    from runner.trace.why import judge

    verdicts = Verdicts(simulation)
    evidence = read_evidence(text, simulation.arch, observer=verdicts)
    found = list(verdicts)
    if not found:
        meanings = [message.meaning for message in evidence.messages] or [told(text)]
        names = [name for known in meanings if known for name in known.calls]
        found = list(judge(simulation, dict.fromkeys(names), 1))
    if not found:
        said = f": {evidence.unused[0]}" if evidence.unused else ""
        raise UsageError(
            f"{text.strip()[:60]!r} mentions no system call{said}",
            remedy="name a call and its arguments, or paste a line of strace, an audit record, or an error message",
        )
    return evidence, verdicts, found


def judge_blocks(blocks: "Iterable[bytes]", simulation: "Simulation") -> "tuple[Evidence, Verdicts]":
    """Judge the calls of a log of any length."""
    from runner.profile.evidence import EvidenceReader
    from runner.profile.views.verdicts import Verdicts

    verdicts = Verdicts(simulation)
    reader = EvidenceReader(simulation.arch, observer=verdicts, wanted=verdicts.wants)
    for block in blocks:
        reader.feed(block)
    evidence = reader.close()
    verdicts.settle(evidence)
    return evidence, verdicts


def machine_of(evidence: bytes, machine: str) -> str:
    """The machine that the records at the beginning of evidence are from, if all are of one that is not `machine`.

    Both are Go's names; the answer is "" where these records are of `machine`, of several, or do not tell.
    """
    if b"arch=" not in evidence:
        return ""
    from runner.profile.calls.syscalls import arch
    from runner.profile.evidence import EvidenceReader
    from runner.profile.resolve import SECCOMP_ARCHES

    own = arch(machine)
    reader = EvidenceReader(own)
    reader.feed(evidence)
    seen = {call.arch or own for call in reader.close().calls}
    if any(map(own.runs, seen)):
        return ""
    able = (each for each in seen if each.go in SECCOMP_ARCHES and all(map(each.runs, seen)))
    return next((each.go for each in able), "")


def note_own(evidence: "Evidence", judged: "Arch") -> None:
    """Print a note if evidence that is judged as another machine's has records of this machine too."""
    from runner.cli.profile.given.options import read_arch
    from runner.profile.calls.syscalls import arch

    own = arch(read_arch(None))
    if any(seen.arch and own.runs(seen.arch) and not judged.runs(seen.arch) for seen in evidence.calls):
        print(
            f"note: some records are of {own.go}, this machine, and not of {judged.go}: judge those with "
            f"--arch {own.go}",
            file=sys.stderr,
        )


def of_another(names: "Sequence[str]", machine: "Arch") -> str:
    """A note on calls that the machine lacks, with the architecture that has them all, if one has."""
    from runner.profile.calls.groups import KNOWN
    from runner.profile.calls.syscalls import ARCHES, own_number

    known = [name for name in names if name in KNOWN]
    if not known:
        return f"no architecture has {_not_judged(names)}"
    having = [
        arch.go
        for arch in ARCHES
        if all((own_number(name, arch) or -1) >= 0 for name in known) and not machine.runs(arch)
    ]
    them, their = ("it", "its") if len(known) == 1 else ("them", "their")
    step = f"judge {them} with --arch {having[0]}" if having else f"name {their} architecture with --arch"
    note = f"{machine.go} has no {_not_judged(known)}: {step}"
    strange = [name for name in names if name not in KNOWN]
    return f"{note}; no architecture has {_not_judged(strange)}" if strange else note


def note_others(verdicts: "Verdicts", machine: "Arch") -> None:
    """Print a note on calls that the machine lacks: those not judged, and those judged as of 32-bit programs."""
    if verdicts.foreign:
        print(f"note: {of_another(list(verdicts.foreign), machine)}", file=sys.stderr)
    if calls := verdicts.of_32_bits:
        go = next(iter(calls.values())).go
        print(
            f"note: {machine.go} has no {_listed(list(calls))}: judged as of its 32-bit programs ({go}); --arch names "
            "another machine",
            file=sys.stderr,
        )


def _not_judged(names: "Sequence[str]") -> str:
    return f"{_listed(names)}, which {'is' if len(names) == 1 else 'are'} not judged"


def _listed(names: "Sequence[str]") -> str:
    return ", ".join(names[:_MOST_SHOWN]) + (" …" if len(names) > _MOST_SHOWN else "")


def actions_logged() -> frozenset[str] | None:
    """The actions that this machine's kernel logs; None if unknown."""
    try:
        with open(_ACTIONS, encoding="ascii") as file:  # noqa: PTH123 - as inputs.py: pathlib is slow
            return frozenset(file.read().split())
    except (OSError, ValueError):
        return None


def line_text(line: int, times: int) -> str:
    """The line of a call in the evidence, the first one if it is there several times."""
    return f"line {line}, {times} times" if times > 1 else f"line {line}"


def open_arguments(verdict: "Verdict") -> str:
    """The arguments that the verdict depends on, and that the evidence does not show."""
    return " and ".join(f"argument {index}" for index in verdict.open_args)


def seen_text(verdict: "Verdict") -> str:
    """The call as the evidence shows it, with its result."""
    seen = verdict.first
    if seen.args is None:
        return seen.name
    result = f" = {seen.result}" if seen.result else ""
    return f"{seen.name}({', '.join(seen.args)}){result}"
