"""The machines that calls are of: this one, and those that evidence tells."""

import sys

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.profile.calls.syscalls import Arch
    from runner.profile.evidence import Evidence
    from runner.profile.views.verdicts import Verdicts

_MOST_SHOWN = 8


def machine_of(evidence: bytes, machine: str) -> str:
    """The machine that the records at the beginning of evidence are from, if all are of one that is not `machine`.

    Both are Go's names; the answer is "" where these records are of `machine`, of several, or do not tell.
    """
    if b"arch=" not in evidence:
        return ""
    from runner.profile.calls.syscalls import ARCHES, arch
    from runner.profile.evidence import EvidenceReader
    from runner.profile.resolve import SECCOMP_ARCHES

    own = arch(machine)
    reader = EvidenceReader(own)
    reader.feed(evidence)
    seen = {call.arch or own for call in reader.close().calls}
    if any(map(own.runs, seen)):
        return ""
    able = (
        each for each in ARCHES if each in seen and each.go in SECCOMP_ARCHES and all(map(each.runs, seen))
    )
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


def notes_on_others(verdicts: "Verdicts", machine: "Arch") -> list[str]:
    """Notes on calls that the machine lacks: those not judged, and those judged as of 32-bit programs."""
    notes = [of_another(list(verdicts.foreign), machine)] if verdicts.foreign else []
    if calls := verdicts.of_32_bits:
        go = next(iter(calls.values())).go
        notes.append(
            f"{machine.go} has no {_listed(list(calls))}: judged as of its 32-bit programs ({go}); --arch names "
            "another machine"
        )
    return notes


def note_others(verdicts: "Verdicts", machine: "Arch") -> None:
    """Print `notes_on_others`."""
    for note in notes_on_others(verdicts, machine):
        print(f"note: {note}", file=sys.stderr)


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


def _not_judged(names: "Sequence[str]") -> str:
    return f"{_listed(names)}, which {'is' if len(names) == 1 else 'are'} not judged"


def _listed(names: "Sequence[str]") -> str:
    return ", ".join(names[:_MOST_SHOWN]) + (" …" if len(names) > _MOST_SHOWN else "")
