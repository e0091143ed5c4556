"""Lines, messages and logs judged by a profile."""

import re

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runner.profile.evidence import Evidence
    from runner.profile.evidence.messages import Told
    from runner.profile.evidence.model import Message
    from runner.profile.simulation import Simulation
    from runner.profile.views.verdicts import Verdict, Verdicts

HOW_TO_NAME_IT = "`workshop profile test` names it, or the kernel's log, which is evidence too"
_LINE = re.compile(r"[(=\s]")


class Meanings:
    """What a text means that is about no system call in particular, with the lines that say so."""

    __slots__ = ("said",)

    def __init__(self, said: "list[tuple[Message, Told]]") -> None:
        self.said = said

    def error(self) -> UsageError:
        """The error for a command that judges calls alone."""
        _, told = self.said[0]
        return UsageError(f"it names no system call: {told.meaning}", remedy=told.step or HOW_TO_NAME_IT)


def is_line(words: "Sequence[str]") -> bool:
    """True if the words given for a call are a line of a log, or a message."""
    return bool(words) and _LINE.search(words[0]) is not None


def judge_text(text: str, simulation: "Simulation") -> "list[Verdict] | Meanings":
    """Judge the calls of a pasted text by a profile; for a message, the calls that it may be about.

    For a text that says something of seccomp, and names no call, this is what it means.

    Raises:
        UsageError: the text mentions no system call.
    """
    from runner.profile.evidence import read_evidence
    from runner.profile.evidence.messages import told
    from runner.profile.evidence.model import Message
    from runner.profile.views.verdicts import Verdicts
    from runner.trace.why import judge

    verdicts = Verdicts(simulation)
    evidence = read_evidence(text, simulation.arch, observer=verdicts)
    if found := list(verdicts):
        return found
    messages = evidence.messages or (Message(1, text.strip(), told(text)),)
    said = [(message, message.meaning) for message in messages if message.meaning]
    flags: dict[str, str] = {}
    for _, meaning in said:
        for name in meaning.calls:
            flags.setdefault(name, meaning.flags)
    if found := [verdict for name in flags for verdict in judge(simulation, (name,), 1, flags[name])]:
        return found
    if said:
        return Meanings(said)
    unused = f": {evidence.unused[0]}" if evidence.unused else ""
    raise UsageError(
        f"{text.strip()[:60]!r} mentions no system call{unused}",
        remedy="name a call and its arguments, or paste a line of strace, an audit record, or an error message",
    )


def judged_calls(text: str, simulation: "Simulation") -> "list[Verdict]":
    """Judge the calls of a pasted text, as `judge_text` does.

    Raises:
        UsageError: the text is about no system call in particular.
    """
    found = judge_text(text, simulation)
    if isinstance(found, Meanings):
        raise found.error()
    return found


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
