"""`workshop verify`: every lab headless, on a real engine, each check proven able to fail."""

import argparse
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from runner.cli.engines import add_engine_options, open_chosen_engine
from runner.cli.output import check_target, write_text
from runner.errors import EngineError, ExitCode, UsageError
from runner.pace import MACHINE

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from runner.lab.model.workshop import Workshop
    from runner.stage.stage import Stage
    from runner.verify.job import Job
    from runner.verify.result import LabResult, WorkshopResult
    from runner.verify.run import Plan

_LONGEST = 31 * 24 * 3600.0
_DEADLINE = 1800.0


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `verify`."""
    parser = commands.add_parser(
        "verify",
        description="Play labs on a real engine without a user interface. Every check must fail before its step "
        "is solved, pass after it, hold against its control, and fail for each of its mutants.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="workshop folders, labs, or workshops' ids (default: all that there are); with --merge, reports",
    )
    parser.add_argument(
        "--lab",
        action="append",
        default=[],
        metavar="ID",
        help="only the lab with this id or number; may be repeated",
    )
    parser.add_argument(
        "--shard", type=_shard, metavar="K/N", help="only the K-th of N parts, for runs on several machines"
    )
    parser.add_argument(
        "--merge",
        action="store_true",
        help="play nothing: put the JSON reports of all shards together, and exit as one run would have",
    )
    parser.add_argument(
        "--jobs", type=_positive, metavar="N", help="labs to play at once (default: chosen from the machine)"
    )
    parser.add_argument(
        "--deadline",
        type=_seconds,
        metavar="S",
        help=f"give up after S seconds (default: {_DEADLINE:g}, or longer on a slow machine)",
    )
    parser.add_argument("--json", metavar="FILE", help="write the results as JSON; - for standard output")
    parser.add_argument(
        "--junit", metavar="FILE", help="write the results as JUnit XML; - for standard output"
    )
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--keep-going",
        dest="fail_fast",
        action="store_false",
        help="play every lab, also after a failure (default)",
    )
    group.add_argument(
        "--fail-fast", dest="fail_fast", action="store_true", help="start no further lab after a failure"
    )
    add_engine_options(parser, several=True)
    parser.set_defaults(run=run, fail_fast=False)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Verify the labs; the exit code reports the worst result."""
    from runner.report.text import summary

    if arguments.json == arguments.junit == "-":
        raise UsageError(
            "--json and --junit cannot both go to standard output", remedy="give one of them a file"
        )
    for target in (arguments.json, arguments.junit):
        if target is not None:
            check_target(target)
    out = sys.stderr if "-" in {arguments.json, arguments.junit} else sys.stdout
    began = time.monotonic()
    workshops = _merged(arguments, out) if arguments.merge else _verified(arguments, out)
    results = [lab for workshop in workshops for lab in workshop.labs]
    took = sum(lab.seconds for lab in results) if arguments.merge else time.monotonic() - began
    print(summary(results, took), file=out, flush=True)
    _write_reports(arguments, workshops)
    return _exit_code(results)


def _verified(arguments: argparse.Namespace, out: TextIO) -> "list[WorkshopResult]":
    """Results of playing the labs, engine by engine."""
    from runner.cli.author.playing import chosen_labs
    from runner.stage.scratch import sweep_scratch
    from runner.verify.job import playable
    from runner.verify.result import by_workshop
    from runner.verify.run import Plan

    jobs = chosen_labs(arguments.paths, arguments.lab)
    if arguments.shard:
        number, parts = arguments.shard
        jobs = jobs[number - 1 :: parts]
    _require_docker(playable(jobs))
    plan = Plan(
        jobs=jobs,
        at_once=arguments.jobs or default_jobs(),
        deadline=MACHINE.stretched(_DEADLINE) if arguments.deadline is None else arguments.deadline,
        fail_fast=arguments.fail_fast,
    )
    sweep_scratch()
    engines = list(dict.fromkeys(arguments.engines or ["auto"]))
    workshops: list[WorkshopResult] = []
    for engine in engines:
        name = engine if len(engines) > 1 else ""
        if name:
            print(f"on {name}:", file=out, flush=True)
        results = _on_engine(engine, plan, agreed=arguments.yes, out=out)
        workshops += by_workshop(jobs, results, name)
    return workshops


def _on_engine(name: str, plan: "Plan", *, agreed: bool, out: TextIO) -> "tuple[LabResult, ...]":
    from runner.lab.model.images import images
    from runner.report.follow import follow
    from runner.stage.environment import open_stage
    from runner.verify.job import lab_of, playable
    from runner.verify.run import verify

    with follow([lab_of(place) for place in plan.jobs], out) as report:
        labs = playable(plan.jobs)
        if not labs:
            return verify(plan, _never, report.event)
        chosen = argparse.Namespace(engine=name, yes=agreed)
        with closing(open_chosen_engine(chosen, report.note, images=images(labs))) as engine:
            return verify(plan, lambda workshop: open_stage(engine, workshop), report.event)


def _never(workshop: "Workshop") -> "AbstractContextManager[Stage]":
    """Where there is no lab to play, none opens a stage."""
    raise AssertionError(workshop.id)


def _merged(arguments: argparse.Namespace, out: TextIO) -> "tuple[WorkshopResult, ...]":
    """The combined results of the reports of all shards, printed like those of a single run."""
    from runner.report.merge import merged
    from runner.report.text import lab_details, lab_line

    if not arguments.paths:
        raise UsageError(
            "no report is named", remedy="name the shards' reports: workshop verify --merge 1.json 2.json"
        )
    workshops = merged({str(path): _text(path) for path in arguments.paths})
    labs = [lab for workshop in workshops for lab in workshop.labs]
    width = max((len(lab.id) for lab in labs), default=0)
    for lab in labs:
        print(lab_line(lab, width), *lab_details(lab), sep="\n", file=out)
    return workshops


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text"
        raise UsageError(f"cannot read {path}: {reason}", remedy="name a shard's JSON report") from error


def default_jobs() -> int:
    """The number of labs to play at once.

    A lab mostly waits for shells and for the engine: with eight labs two processors are busy, with four they are idle a
    tenth of the time, and twelve finish no sooner.
    """
    return 4 * len(os.sched_getaffinity(0))


def _require_docker(jobs: Sequence["Job"]) -> None:
    """Require the `docker` command if a lesson types it: without it, those labs cannot be verified."""
    from runner.lab.model.workshop import HOST

    typed = (
        command.text
        for _, lab in jobs
        for step in lab.steps
        for console in step.consoles
        if console.target == HOST
        for command in console.commands
    )
    if shutil.which("docker") is None and any(re.search(r"\bdocker\b", text) for text in typed):
        raise EngineError(
            "the labs type `docker` commands, and there is no such command on PATH",
            remedy="run `workshop doctor --fix`, which installs it",
        )


def _write_reports(arguments: argparse.Namespace, workshops: "Sequence[WorkshopResult]") -> None:
    from runner.report.data import as_data
    from runner.report.junit import as_junit

    if arguments.json:
        shard = "/".join(map(str, arguments.shard or ()))
        write_text(arguments.json, json.dumps(as_data(workshops, shard), indent=2) + "\n")
    if arguments.junit:
        write_text(arguments.junit, as_junit(workshops))


def _exit_code(results: Sequence["LabResult"]) -> ExitCode:
    from runner.verify.result import OutcomeKind

    found = {result.kind for result in results if not result.unreadable}
    if OutcomeKind.ERROR in found:
        return ExitCode.ENGINE
    if any(result.unreadable for result in results):
        return ExitCode.USAGE
    return ExitCode.FAILED if found - {OutcomeKind.PASSED} else ExitCode.OK


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _shard(text: str) -> tuple[int, int]:
    number, slash, parts = text.partition("/")
    if not slash or _positive(number) > _positive(parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not a part such as 1/3")
    return int(number), int(parts)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0 and up to a month")
    return number
