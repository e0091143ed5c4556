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
from typing import TYPE_CHECKING

from runner.cli.engines import add_engine_options, open_chosen_engine
from runner.cli.output import check_target, write_text
from runner.errors import EngineError, ExitCode, UsageError

if TYPE_CHECKING:
    from runner.lab.model.workshop import Lab, Workshop
    from runner.verify.result import LabResult

_LONGEST = 31 * 24 * 3600.0


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
        help="workshop folders or labs (default: the ones that came with workshop)",
    )
    parser.add_argument(
        "--lab", action="append", default=[], metavar="ID", help="only this lab; may be repeated"
    )
    parser.add_argument(
        "--jobs", type=_positive, metavar="N", help="labs to play at once (default: chosen from the machine)"
    )
    parser.add_argument(
        "--deadline",
        type=_seconds,
        default=1800.0,
        metavar="S",
        help="give up after S seconds (default: %(default)g)",
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
    add_engine_options(parser)
    parser.set_defaults(run=run, fail_fast=False)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Verify; the exit code says the worst that was found."""
    from runner.engine.image.provide import provide
    from runner.lab.model.images import images
    from runner.report.follow import follow
    from runner.report.text import summary
    from runner.stage.environment import open_stage
    from runner.stage.scratch import sweep_scratch
    from runner.verify.run import Plan, verify

    if arguments.json == arguments.junit == "-":
        raise UsageError(
            "--json and --junit cannot both go to standard output", remedy="give one of them a file"
        )
    for target in (arguments.json, arguments.junit):
        if target is not None:
            check_target(target)
    jobs = _jobs(arguments.paths, arguments.lab)
    _require_docker(jobs)
    plan = Plan(
        jobs=jobs,
        at_once=arguments.jobs or default_jobs(),
        deadline=arguments.deadline,
        fail_fast=arguments.fail_fast,
    )
    out = sys.stderr if "-" in {arguments.json, arguments.junit} else sys.stdout
    began = time.monotonic()
    with follow([lab for _, lab in jobs], out) as report:
        sweep_scratch()
        with closing(open_chosen_engine(arguments, report.note)) as engine:
            provide(engine.client, images(jobs), report.note)
            results = verify(plan, lambda workshop: open_stage(engine, workshop), report.event)
    print(summary(results, time.monotonic() - began), file=out, flush=True)
    _write_reports(arguments, jobs, results)
    return _exit_code(results)


def default_jobs() -> int:
    """How many labs to play at once: a lab waits for the engine about half its time, so twice the processors."""
    return 2 * len(os.sched_getaffinity(0))


def _jobs(paths: Sequence[Path], only: Sequence[str]) -> list[tuple["Workshop", "Lab"]]:
    from runner.cli.workshops import load_workshops

    jobs = [(workshop, lab) for workshop, labs in load_workshops(paths) for lab in labs]
    known = [lab.id for _, lab in jobs]
    for name in only:
        if name not in known:
            raise UsageError(f"there is no lab {name!r}", remedy=f"name one of: {', '.join(known)}")
    return [(workshop, lab) for workshop, lab in jobs if not only or lab.id in only]


def _require_docker(jobs: Sequence[tuple["Workshop", "Lab"]]) -> None:
    """Without the `docker` command, which the lessons type, nothing could be said about the labs that type it."""
    from runner.lab.model.workshop import HOST
    from runner.learner.examiner import step_commands

    typed = (
        command.text
        for _, lab in jobs
        for step in lab.steps
        for target, command in step_commands(step)
        if target == HOST
    )
    if shutil.which("docker") is None and any(re.search(r"\bdocker\b", text) for text in typed):
        raise EngineError(
            "the labs type `docker` commands, and there is no such command on PATH",
            remedy="run `workshop doctor --fix`, which installs it",
        )


def _write_reports(
    arguments: argparse.Namespace, jobs: Sequence[tuple["Workshop", "Lab"]], results: Sequence["LabResult"]
) -> None:
    from runner.report.data import as_data
    from runner.report.junit import as_junit
    from runner.verify.result import by_workshop

    workshops = by_workshop([workshop for workshop, _ in jobs], results)
    if arguments.json:
        write_text(arguments.json, json.dumps(as_data(workshops), indent=2) + "\n")
    if arguments.junit:
        write_text(arguments.junit, as_junit(workshops))


def _exit_code(results: Sequence["LabResult"]) -> ExitCode:
    from runner.verify.result import Verdict

    found = {result.verdict for result in results}
    if Verdict.ERROR in found:
        return ExitCode.ENGINE
    return ExitCode.FAILED if found - {Verdict.PASSED} else ExitCode.OK


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0 and up to a month")
    return number
