"""`workshop profile trace`: list the system calls of a container or a process."""

import argparse
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.profile.given.options import add_output, read_time
from runner.cli.profile.workload.running import USAGE, add_engine, forward_words, refuse_file
from runner.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from runner.profile.simulation import Simulation
    from runner.trace.recorder import Recorder
    from runner.trace.trace import Trace
    from runner.trace.watch import Watch

    Watched = tuple[Trace, Recorder, Simulation]
    Raw = Callable[[bytes], object] | None

_TRACE = "a file that `workshop profile trace --format json` wrote"
FORMATS = ("table", "json", "count", "raw")
_LATE = "calls before the watching began cannot be seen, above all those of the start"


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `trace`."""
    parser = commands.add_parser(
        "trace",
        usage=f"workshop profile trace [options] {USAGE}\n"
        "       workshop profile trace [options] --attach CONTAINER | --pid PID",
        description="Watch every system call of a container from its first instruction, or of one that runs already, "
        "children and threads included. It ends with the program, after --for, or with Ctrl-C; what was seen by then "
        "is printed. The words after the options are those of `docker run`.",
    )
    parser.add_argument("--attach", metavar="CONTAINER", help="watch a running container, by its name or id")
    parser.add_argument(
        "--pid", type=int, metavar="PID", help="watch a process of this machine; needs strace"
    )
    add_duration(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="table",
        help="a table; a trace to merge, import or generate from; strace's own -c table; strace's log as it comes",
    )
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    parser.add_argument(
        "--merge", action="append", default=[], metavar="FILE", help="add an earlier trace's calls"
    )
    add_output(parser)
    add_engine(parser)
    forward_words(parser)
    parser.set_defaults(run=run)


def add_duration(parser: argparse.ArgumentParser) -> None:
    """Add --for."""
    parser.add_argument(
        "--for", dest="seconds", type=read_time, metavar="TIME", help="end after so long: 10, 10s, 2m"
    )


def run(arguments: argparse.Namespace) -> ExitCode:
    """Trace, and print the calls that were seen."""
    from runner.cli.output import check_target, say, write_told
    from runner.cli.profile.given.fitting import refuse_two_forms
    from runner.cli.profile.given.inputs import note_unknown
    from runner.cli.profile.workload.trace_view import count_table, table
    from runner.trace.saved import write_trace
    from runner.trace.trace import merged

    refuse_two_forms(as_json=arguments.json, form=arguments.format, usual="table")
    form = "json" if arguments.json else arguments.format
    _check_options(arguments, form)
    check_target(arguments.output)
    earlier = [read_trace_file(name) for name in arguments.merge]
    watched = _process if arguments.pid is not None else _attached if arguments.attach else _started
    with raw_log(arguments.output if form == "raw" else "") as raw:
        trace, recorder, simulation = watched(arguments, raw)
    note_unknown(simulation.file)
    for note in trace.notes:
        say(f"note: {note}")
    if earlier:
        trace = merged([*earlier, trace])
    if form == "json":
        write_told(arguments.output, write_trace(trace))
    elif form == "count":
        write_told(arguments.output, count_table(trace))
    elif form == "table":
        write_told(arguments.output, table(trace, recorder, simulation))
    return ExitCode.OK


def _check_options(arguments: argparse.Namespace, form: str) -> None:
    """Refuse a command line that names nothing to watch or several things, and options without an effect.

    Raises:
        UsageError: it is such a one.
    """
    from runner.cli.profile.given.fitting import refuse_unused

    ways = [bool(arguments.attach), arguments.pid is not None, bool(arguments.words)]
    if sum(ways) != 1:
        raise UsageError(
            "name what to watch: an image, --attach CONTAINER, or --pid PID"
            + (", one of them" if any(ways) else ""),
            remedy="workshop profile trace nginx; all options stand before the image",
        )
    refuse_file(arguments.words)
    if arguments.pid is not None:
        refuse_unused(
            {"--engine": arguments.engine or None},
            "a process is watched without an engine",
            "leave --engine out",
        )
    if form == "raw":
        refuse_unused(
            {f"--merge {name}": True for name in arguments.merge},
            "strace's log as it comes has no place for earlier calls",
            "leave it out, or write --format json",
        )


def read_trace_file(name: str) -> "Trace":
    """Read a saved trace.

    Raises:
        UsageError: the file cannot be read, or is not a trace; the error names it.
    """
    from runner.cli.profile.given.inputs import read_bytes, spoken
    from runner.profile.errors import ProfileError
    from runner.profile.source.encoding import utf8
    from runner.trace.saved import read_trace

    try:
        trace = read_trace(utf8(read_bytes(name, 64 << 20, accepts=_TRACE)))
    except ProfileError as error:
        raise error.in_file(error.file or spoken(name)) from None
    except UsageError as error:
        raise UsageError(f"{spoken(name)}: {error}", remedy=error.remedy) from error
    if trace is None:
        raise UsageError(f"{spoken(name)}: not a trace", remedy=f"name {_TRACE}")
    return trace


@contextmanager
def raw_log(target: str) -> "Iterator[Raw]":
    """Open a writer for strace's own log: to a file, to standard output for `-`, to nothing for ""."""
    from runner.cli.output import exists, tell_written

    if not target:
        yield None
    elif target == "-":
        yield sys.stdout.buffer.write
    else:
        before = exists(target)
        with Path(target).open("wb") as file:
            yield file.write
        tell_written(target, before=before)


def _started(arguments: argparse.Namespace, raw: "Raw") -> "Watched":
    from runner.cli.profile.workload.running import Foreground, docker_command, engine_of
    from runner.engine.docker.workload import prepared
    from runner.trace.in_force import in_force
    from runner.trace.recorder import Recorder
    from runner.trace.watch import from_the_start

    with engine_of(arguments) as engine:
        workload = prepared(engine.session, arguments.words, docker_command())
        profile = in_force(workload.state(), engine.info)
        recorder = Recorder(profile.simulation, gated=True)
        live = _live(recorder, profile.simulation, hidden=workload.tty)
        with Foreground(workload) as take, from_the_start(engine, workload, recorder, take) as watch, live:
            names = (spoken_words(arguments.words),)
            trace = _read(
                watch,
                recorder,
                arguments,
                raw,
                names=names,
                notes=tuple(filter(None, (profile.caveat,))),
                ends_by_itself=True,
                status=workload.status_at_end,
            )
    return trace, recorder, profile.simulation


def _attached(arguments: argparse.Namespace, raw: "Raw") -> "Watched":
    from runner.cli.profile.workload.running import engine_of
    from runner.trace.in_force import in_force
    from runner.trace.recorder import Recorder
    from runner.trace.watch import attached

    with engine_of(arguments) as engine:
        profile = in_force(engine.session.state_of(arguments.attach), engine.info)
        recorder = Recorder(profile.simulation)
        with attached(engine, arguments.attach, recorder) as watch, _live(recorder, profile.simulation):
            trace = _read(
                watch,
                recorder,
                arguments,
                raw,
                names=(arguments.attach,),
                notes=tuple(filter(None, (_LATE, profile.caveat))),
            )
    return trace, recorder, profile.simulation


def _process(arguments: argparse.Namespace, raw: "Raw") -> "Watched":
    from runner.cli.profile.given.options import read_arch, read_kernel
    from runner.profile.model import Target
    from runner.profile.simulation import Simulation
    from runner.trace.process import process_watch
    from runner.trace.recorder import Recorder

    target = Target(arch=read_arch(None), kernel=read_kernel(None))
    simulation = Simulation.of_text("{}", target, file="no profile")
    recorder = Recorder(simulation)
    with process_watch(arguments.pid, recorder) as watch, _live(recorder, simulation):
        trace = _read(watch, recorder, arguments, raw, names=(f"process {arguments.pid}",), notes=(_LATE,))
    return trace, recorder, simulation


def _read(
    watch: "Watch",
    recorder: "Recorder",
    arguments: argparse.Namespace,
    raw: "Raw",
    *,
    names: tuple[str, ...],
    notes: tuple[str, ...] = (),
    ends_by_itself: bool = False,
    status: "Callable[[], int | None] | None" = None,
) -> "Trace":
    """Read to the end; `status` tells the exit status of a program that has ended."""
    from runner.errors import EngineError

    alone = ends_by_itself and arguments.seconds is None
    ended = watch.until_the_end(seconds=arguments.seconds, raw=raw, ends_by_itself=alone)
    if ended.why:
        notes = (*notes, f"the watching ended after {ended.seconds:.1f} s because {ended.why}")
    if not recorder.began:
        notes = (*notes, "the program's first instruction was not seen: it never began")
    if status is not None and not ended.why:
        with suppress(EngineError):  # with `--rm` it is gone
            if code := status():
                notes = (*notes, f"the program exited with {code}")
    return recorder.trace(names=names, seconds=ended.seconds, notes=notes)


def _live(
    recorder: "Recorder", simulation: "Simulation", *, hidden: bool = False
) -> "AbstractContextManager[object]":
    """A table on the terminal that is updated while calls are read; nothing if the program uses the terminal."""
    from contextlib import nullcontext

    if hidden or not sys.stderr.isatty():
        return nullcontext()
    from runner.cli.profile.workload.trace_view import live_table

    return live_table(recorder, simulation)


def spoken_words(words: list[str]) -> str:
    """The words of a command line as text for people."""
    from shlex import join

    said = join(words)
    return said if len(said) <= 80 else said[:79] + "…"
