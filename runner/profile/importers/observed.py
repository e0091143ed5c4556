"""Import profiles of observed calls: logs, tables and records."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from runner.language import counted
from runner.profile.calls.syscalls import Arch, arch
from runner.profile.errors import ProfileError
from runner.profile.evidence import Evidence, EvidenceKind, EvidenceReader, SeenCall
from runner.profile.importers.imported import CHECK, Imported, allow_list, check_used

KINDS = {
    "evidence": frozenset(EvidenceKind),
    "strace": frozenset((EvidenceKind.STRACE,)),
    "strace-count": frozenset((EvidenceKind.COUNT,)),
    "audit": frozenset((EvidenceKind.AUDIT,)),
    "perf-trace": frozenset((EvidenceKind.PERF,)),
    "sysdig": frozenset((EvidenceKind.SYSDIG,)),
    "tracepoint": frozenset((EvidenceKind.TRACEPOINT,)),
    "trace": frozenset((EvidenceKind.TRACE,)),
}
"""The kinds of evidence that each format reads."""
_LIMITED = "the kernel limits its log: calls that were denied in between may be missing"
_NO_DENIED = "the kernel's tracepoints tell no call that seccomp denied"
_NO_EXIT = "a table of `strace -c` never has exit_group and exit, which do not return"

REFUSALS = frozenset(("EPERM", "ENOSYS"))
"""The errnos with which profiles mostly deny."""
_MOST_REFUSED = 8


class EvidenceImporter:
    """Reads evidence piece by piece: call `feed` for each piece, then `close`."""

    def __init__(self, arch: Arch, form: str) -> None:
        self._first: dict[str, SeenCall] = {}
        self._times: Counter[str] = Counter()
        self._reader = EvidenceReader(
            arch, observer=self._see, wanted=lambda _, __: False, errnos=REFUSALS, kinds=KINDS[form]
        )
        self.feed = self._reader.feed

    def close(self) -> Imported:
        """Return the profile, with notes on the calls that had failed each time as a denied one does.

        Raises:
            ProfileError: no call was seen, or most of the lines that looked like evidence could not be used.
        """
        evidence = self._reader.close()
        imported = import_evidence(evidence)
        return replace(imported, notes=(*self._refused(evidence), *imported.notes))

    def _see(self, seen: SeenCall) -> None:
        # A record of the kernel says itself that the call was denied, and strace that it made the call fail. A call
        # without a name is not in the profile.
        told = seen.action or "INJECTED" in seen.result
        if seen.errno in REFUSALS and not told and not seen.name.startswith("#"):
            self._first.setdefault(seen.name, seen)
            self._times[seen.name] += seen.times

    def _refused(self, evidence: Evidence) -> Iterator[str]:
        seen: Counter[str] = Counter()
        for call in evidence.calls:
            seen[call.name] += call.times
        always = [call for name, call in self._first.items() if self._times[name] >= seen[name]]
        for failed in always[:_MOST_REFUSED]:
            yield (
                f"line {failed.line}: {failed.name} failed with {failed.errno}, maybe by another profile; it is "
                f"allowed now (`edit --remove {failed.name}` leaves it out)"
            )
        if more := always[_MOST_REFUSED:]:
            yield f"these failed like that, too, and are allowed now: {' '.join(call.name for call in more)}"


def import_evidence(evidence: Evidence) -> Imported:
    """Allow every call that was seen.

    Raises:
        ProfileError: no call was seen, or most of the lines that looked like evidence could not be used.
    """
    used = evidence.used_lines
    if used:
        check_used(used, evidence.unused_lines - evidence.expected_lines, evidence.unused)
    elif evidence.unused:
        first = evidence.unused[0]
        raise ProfileError(
            f"no system call in it; {counted(evidence.unused_lines, 'lines')} of what looks like evidence could not be "
            f"used, the first: {first}",
            remedy=CHECK,
        )
    lines: dict[str, int] = {}
    for seen in evidence.calls:
        lines.setdefault(seen.name, seen.line)
    if not lines and evidence.notes:
        raise ProfileError(f"no known system call in it: {evidence.notes[0]}")
    imported = allow_list(lines)
    notes = list(evidence.notes)
    if evidence.used.get(EvidenceKind.AUDIT):
        notes.append(_LIMITED)
    if evidence.used.get(EvidenceKind.TRACEPOINT):
        notes.append(_NO_DENIED)
    if evidence.used.get(EvidenceKind.COUNT) and "exit_group" not in lines:
        notes.append(_NO_EXIT)
    # The table at the end of `strace -C` counts the calls of the log before it.
    logged = {seen.name for seen in evidence.calls if seen.kind is EvidenceKind.STRACE}
    count = sum(
        seen.times
        for seen in evidence.calls
        if seen.kind is not EvidenceKind.COUNT or seen.name not in logged
    )
    # A line of JSON may hold many records.
    read = (
        f"{used:,} of {counted(evidence.lines, 'lines')}"
        if used <= evidence.lines
        else f"{counted(used, 'lines')} within others"
    )
    return replace(
        imported,
        notes=(*notes, *imported.notes),
        read_as=f"{evidence.titles}: {read}, {counted(count, 'calls')} of {counted(len(lines), 'names')}",
        unused=evidence.unused,
        unused_lines=evidence.unused_lines,
    )


def import_text(text: str, form: str) -> Imported:
    """Allow every call that was seen in a text, reading only the kinds of evidence of one format."""
    importer = EvidenceImporter(arch("amd64"), form)
    importer.feed(text.encode("utf-8", "replace"))
    return importer.close()
