"""Views of a trace: its table, one in strace's format, and a live one."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from runner.language import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.table import Table

    from runner.profile.simulation import Simulation
    from runner.trace.recorder import Recorder
    from runner.trace.trace import Trace, TracedCall

_LIVE_ROWS = 14


def table(trace: "Trace", recorder: "Recorder", simulation: "Simulation") -> str:
    """A table of each call, its count, its failures, and the decision of the profile in force; the denied first."""
    denied = denials(recorder, simulation)
    calls = sorted(trace.calls, key=lambda call: call.name not in denied)
    rows = [
        ("CALLS", "FAILED", "CALL", "THE PROFILE"),
        *(
            (str(call.count), errors(call), named(call, trace.arch), denied.get(call.name, "allows it"))
            for call in calls
        ),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"{row[0]:>{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]}".rstrip()
        for row in rows
    ]
    made = f"{counted(trace.total, 'calls')} of {counted(len(trace.calls), 'kinds')} in {trace.seconds:.1f} s"
    about = f"{made} under {simulation.file}"
    lines += ["", about + (f", {trace.runs} runs together" if trace.runs > 1 else "")]
    return "\n".join(lines) + "\n"


def count_table(trace: "Trace") -> str:
    """The table of `strace -c`; times are unknown and shown as zero."""
    lines = [
        "% time     seconds  usecs/call     calls    errors syscall",
        "------ ----------- ----------- --------- --------- ----------------",
    ]
    for call in trace.calls:
        failed = str(call.failed) if call.failed else ""
        lines.append(f"{0:6.2f} {0:11.6f} {0:11d} {call.count:9d} {failed:>9} {call.name}")
    total = sum(call.failed for call in trace.calls)
    lines.append("------ ----------- ----------- --------- --------- ----------------")
    lines.append(f"{100:6.2f} {0:11.6f} {0:11d} {trace.total:9d} {total or '':>9} total")
    return "\n".join(lines) + "\n"


def denials(recorder: "Recorder", simulation: "Simulation") -> dict[str, str]:
    """The action and the deciding rule for each call that the profile denied at least once."""
    found: dict[str, str] = {}
    for verdict in recorder.verdicts:
        if verdict.denied and verdict.certain:
            decision = verdict.decision
            fate = decision.errno or decision.action.replace("_", " ")
            rule = decision.rule.source if decision.rule else None
            where = f"line {rule.at.line}" if rule else "its default action"
            found.setdefault(verdict.call.syscall.name, f"denies it: {fate}, by {where} of {simulation.file}")
    return found


def errors(call: "TracedCall") -> str:
    """The number of failures by errno, the most frequent first."""
    return " ".join(
        f"{count} {errno}" for errno, count in sorted(call.errors.items(), key=lambda item: -item[1])
    )


def named(call: "TracedCall", arch: str) -> str:
    """The call, with its architecture if that is not the machine's."""
    return call.name if call.arch == arch else f"{call.name} ({call.arch})"


@contextmanager
def live_table(recorder: "Recorder", simulation: "Simulation") -> "Iterator[None]":
    """Show the most frequent calls and every denied one on standard error while the block runs."""
    from rich.console import Console
    from rich.live import Live

    live = Live(
        get_renderable=lambda: _live_rows(recorder, simulation),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=4,
    )
    with live:
        yield


def _live_rows(recorder: "Recorder", simulation: "Simulation") -> "Table":
    from rich.table import Table
    from rich.text import Text

    trace = recorder.trace()
    denied = denials(recorder, simulation)
    rows: Iterable[TracedCall] = [call for call in trace.calls if call.name in denied]
    others = [call for call in trace.calls if call.name not in denied]
    shown = [*rows, *others][:_LIVE_ROWS]
    made = Table("calls", "failed", "call", "the profile", title=counted(trace.total, "calls"), expand=False)
    for call in shown:
        cells = str(call.count), errors(call), named(call, trace.arch), denied.get(call.name, "allows it")
        made.add_row(*map(Text, cells))  # a file's name is no markup
    return made
