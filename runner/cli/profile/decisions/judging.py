"""Lines, messages and logs judged by a profile."""

import re

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runner.profile.evidence import Evidence
    from runner.profile.evidence.messages import Told
    from runner.profile.simulation import Simulation
    from runner.profile.views.verdicts import Verdict, Verdicts

NAMES_IT = "`workshop profile test` names it, or the kernel's log, which is evidence too"
_LINE = re.compile(r"[(=\s]")


class NamesNoCallError(UsageError):
    """A text has a meaning, and is about no system call in particular."""

    def __init__(self, told: "list[Told]") -> None:
        super().__init__(f"it names no system call: {told[0].meaning}", remedy=told[0].step or NAMES_IT)
        self.told = told


def is_line(words: "Sequence[str]") -> bool:
    """True if the words given for a call are a line of a log, or a message."""
    return bool(words) and _LINE.search(words[0]) is not None


def judge_text(text: str, simulation: "Simulation") -> "tuple[Evidence, Verdicts, list[Verdict]]":
    """Judge the calls of a pasted text by a profile; for a message, the calls that it may be about.

    Raises:
        NamesNoCallError: the text says something of seccomp, and names no call.
        UsageError: the text mentions no system call.
    """
    from runner.profile.evidence import read_evidence
    from runner.profile.evidence.messages import told
    from runner.profile.views.verdicts import Verdicts
    from runner.trace.why import judge

    verdicts = Verdicts(simulation)
    evidence = read_evidence(text, simulation.arch, observer=verdicts)
    found = list(verdicts)
    meanings: list[Told | None] = []
    if not found:
        meanings = [message.meaning for message in evidence.messages] or [told(text)]
        flags: dict[str, str] = {}
        for meaning in filter(None, meanings):
            for name in meaning.calls:
                flags.setdefault(name, meaning.flags)
        found = [verdict for name in flags for verdict in judge(simulation, (name,), 1, flags[name])]
    if not found and (known := [meaning for meaning in meanings if meaning]):
        raise NamesNoCallError(known)
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
