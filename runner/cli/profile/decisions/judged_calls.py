"""What a profile decides on the calls of a log, as `workshop profile simulate` prints it."""

import argparse
import sys

from runner.errors import ExitCode
from runner.language import counted

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.profile.evidence import Evidence
    from runner.profile.simulation import Simulation
    from runner.profile.views.verdicts import Verdict, Verdicts


def print_log(
    arguments: argparse.Namespace, simulation: "Simulation", evidence: "Evidence", verdicts: "Verdicts"
) -> ExitCode:
    """Print the calls of a log that the profile denies, in the order of the log.

    Raises:
        ProfileError: the log has no call.
    """
    from runner.cli.profile.decisions.machines import note_others, note_own
    from runner.profile.errors import ProfileError

    if not evidence.used_lines:
        said = f"; {evidence.unused[0]}" if evidence.unused else ""
        raise ProfileError(
            f"no system call in it{said}",
            file=arguments.calls,
            remedy="name a log of strace or of audit records, or a list of calls",
        )
    note_own(evidence, simulation.arch)
    note_others(verdicts, simulation.arch)
    denied = [verdict for verdict in verdicts if verdict.denied]
    undecided = [verdict for verdict in verdicts if not verdict.denied and not verdict.certain]
    if arguments.json:
        import json

        from runner.cli.profile.decisions.as_json import evidence_json, verdict_json

        judged = {
            **evidence_json(evidence),
            "denied": [verdict_json(verdict, simulation.file) for verdict in denied],
            "undecided": [verdict_json(verdict, simulation.file) for verdict in undecided],
        }
        print(json.dumps(judged, indent=2))
        return ExitCode.OK
    for verdict in denied:
        print_verdict(verdict, simulation, as_json=False)
    for line in _closing_lines(evidence, denied, undecided):
        print(line, file=sys.stderr)
    return ExitCode.OK


def _closing_lines(
    evidence: "Evidence", denied: "Sequence[Verdict]", undecided: "Sequence[Verdict]"
) -> "Iterator[str]":
    """The lines on what was read, how much of it is denied, and what the log does not show."""
    from runner.cli.profile.decisions.in_words import evidence_lines, seen_text

    calls, names = sum(seen.times for seen in evidence.calls), {seen.name for seen in evidence.calls}
    yield f"read as: {evidence.titles}, {counted(calls, 'calls')} of {counted(len(names), 'names')}"
    yield from evidence_lines(evidence)
    total = sum(verdict.count for verdict in denied)
    denied_names = {verdict.call.syscall.name for verdict in denied}
    yield f"denied: {counted(total, 'calls')} of {counted(len(denied_names), 'names')}"
    if undecided:
        number = sum(verdict.count for verdict in undecided)
        first = undecided[0]
        yield (
            f"note: calls that passed in the log, and that the values of arguments decide on, which it does not show: "
            f"{number:,}; the first, on line {first.first.line}: {seen_text(first)}"
        )
    if passed := sum(verdict.count for verdict in denied if verdict.contradicted):
        yield f"note: {passed:,} of them passed in the log, which was made without this profile"


def print_verdict(verdict: "Verdict", simulation: "Simulation", *, as_json: bool) -> None:
    """Print the verdict on a call of a log, and what it depends on."""
    from runner.cli.profile.decisions.in_words import line_text, open_arguments, seen_text
    from runner.profile.views.explain import reason

    if as_json:
        import json

        from runner.cli.profile.decisions.as_json import verdict_json

        print(json.dumps(verdict_json(verdict, simulation.file)))
        return
    seen = f": {seen_text(verdict)}" if verdict.open_args else ""
    place = f"{line_text(verdict.first.line, verdict.count)}{seen}"
    print(f"{verdict.headline} ({reason(verdict.decision, simulation.file)}; {place})")
    if verdict.open_args:
        listed = open_arguments(verdict)
        print(f"  note: it depends on {listed}, which the line does not show", file=sys.stderr)
