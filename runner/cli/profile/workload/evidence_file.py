"""Traces that files hold: saved ones, and those that a log or table shows."""

from dataclasses import replace
from typing import TYPE_CHECKING

from runner.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.trace.trace import Trace, TracedCall

_LONGEST_TRACE = 64 << 20
"""Bytes of a file that is read whole to see whether it is a trace."""


def read_evidence_file(name: str) -> "Trace":
    """Read a trace from a file: a saved trace, or the calls of a log or table.

    Raises:
        UsageError, ProfileError: it cannot be read, or has no call; the error names it.
    """
    from runner.cli.output import say
    from runner.cli.profile.given.inputs import EVIDENCE, read_blocks, spoken
    from runner.cli.profile.given.options import read_arch, read_kernel
    from runner.profile.errors import ProfileError
    from runner.profile.evidence.reader import BLOCK
    from runner.profile.importers.observed import import_evidence
    from runner.profile.model import Target
    from runner.profile.simulation import Simulation
    from runner.trace.recorder import Recorder
    from runner.trace.saved import read_trace
    from runner.trace.trace import Began

    evidence = None
    try:
        blocks = read_blocks(name, BLOCK)
        whole = _read_whole(blocks)
        try:
            trace = read_trace(whole)
        except UsageError as error:
            raise UsageError(f"{spoken(name)}: {error}", remedy=error.remedy) from error
        if trace is not None:
            return trace
        recorder = Recorder(Simulation.of_text("{}", Target(arch=read_arch(None), kernel=read_kernel(None))))
        recorder.feed(whole)
        for block in blocks:
            recorder.feed(block)
        evidence = recorder.close()
        for note in import_evidence(evidence).notes:
            say(f"note: {spoken(name)}: {note}")
    except ProfileError as error:
        if evidence is not None and not (evidence.calls or evidence.unused):
            error.remedy = f"name {EVIDENCE}"
        raise error.in_file(error.file or spoken(name)) from None
    trace = recorder.trace(names=(name,))
    if refused := [call.name for call in trace.calls if _only_refused(call)]:
        say(
            f"note: {spoken(name)}: these only failed with EPERM or ENOSYS, maybe by another profile, and are allowed "
            f"now: {' '.join(refused)} (`edit --remove` leaves them out)"
        )
    return replace(trace, began=Began.EVIDENCE)


def _only_refused(call: "TracedCall") -> bool:
    """True if a call failed each time, with the errnos of a profile."""
    from runner.profile.importers.observed import REFUSALS

    return sum(call.errors.get(errno, 0) for errno in REFUSALS) >= call.count


def _read_whole(blocks: "Iterator[bytes]") -> bytes:
    """The first block, and all others where they may be one JSON object: a trace is one, a log's lines are many."""
    found = [next(blocks, b"")]
    if _begins_object(found[0]):
        while sum(map(len, found)) < _LONGEST_TRACE and (block := next(blocks, b"")):
            found.append(block)
    return b"".join(found)


def _begins_object(block: bytes) -> bool:
    """True if a JSON object begins the block and nothing comes after it."""
    import json

    text = block.decode("utf-8", "replace").lstrip()
    if not text.startswith("{"):
        return False
    try:
        end = json.JSONDecoder().raw_decode(text)[1]
    except (ValueError, RecursionError):
        return True
    return not text[end:].strip()
