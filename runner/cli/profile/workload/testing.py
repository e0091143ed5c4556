"""`workshop profile test`: run a program under a profile, and list every call that was denied."""

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from runner.cli.profile.given.options import read_time
from runner.cli.profile.workload.running import USAGE, add_engine, forward_words, refuse_file
from runner.cli.profile.workload.trace import add_duration
from runner.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.trace.check import Check
    from runner.trace.denial import Denial
    from runner.trace.trial import Plan, Trial
    from runner.trace.why import Answer

_WITHIN = 30.0
"""How long a check may take (seconds)."""


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `test`."""
    parser = commands.add_parser(
        "test",
        usage=f"workshop profile test --profile PROFILE [options] {USAGE}",
        description="Run a container under a profile, and name every call that seccomp denied: how often, by which "
        "rule (file:line), and what would allow it; also which refusals were not seccomp's. Exits with 0 if nothing "
        "was denied and the check passed; a call that is answered with ENOSYS, as an older kernel would, is told and "
        "does not count. Without a check, the program must exit with 0 by itself, or run for --for; one that cannot "
        "end, since the profile denies exit_group, is ended.",
    )
    parser.add_argument("--profile", metavar="PROFILE", help="a file, or a built-in profile's name")
    add_checks(parser)
    add_duration(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML; - for standard output")
    parser.add_argument("--log", metavar="FILE", help="write strace's log to FILE")
    add_engine(parser)
    forward_words(parser)
    parser.set_defaults(run=run)


def add_checks(parser: argparse.ArgumentParser) -> None:
    """Add the options that define how to recognise that the program works."""
    parser.add_argument(
        "--check",
        metavar="COMMAND",
        help="a command for sh, tried until it exits with 0; $CONTAINER is the container: 'docker run --rm --network "
        "container:$CONTAINER redis redis-cli ping' (what `docker exec` runs in it is under the profile as well)",
    )
    parser.add_argument(
        "--http", metavar="PORT[/PATH]", help="a request that must be answered with a status below 400"
    )
    parser.add_argument("--exit", type=int, metavar="N", help="the exit status without a check (default: 0)")
    parser.add_argument(
        "--within",
        type=read_time,
        metavar="TIME",
        help="how long the check may take: 10, 10s, 2m (default: 30s)",
    )


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run the program and print the denied calls."""
    import json

    from runner.cli.output import check_target, say, write_text
    from runner.cli.profile.decisions.kernel_log import actions_logged
    from runner.cli.profile.given.inputs import note_unknown
    from runner.cli.profile.workload.running import Foreground, engine_of
    from runner.cli.profile.workload.trace import raw_log, spoken_words
    from runner.trace.trial import tried
    from runner.trace.why import answer

    plan = read_plan(arguments)
    if arguments.json and arguments.junit == "-":
        raise UsageError(
            "--json and --junit - both write to standard output", remedy="name a file for --junit"
        )
    for target in filter(None, (arguments.junit, arguments.log)):
        check_target(target)
    name = spoken_words(arguments.words)
    with engine_of(arguments) as engine, raw_log(arguments.log or "") as raw:
        trial = tried(engine, plan, name, Foreground, raw)
    found = answer(
        trial.simulation,
        trial.recorder.verdicts,
        trial.evidence,
        logged=actions_logged(),
        own=trial.recorder.own,
    )
    if arguments.json:
        print(json.dumps(_json(trial, found), indent=2))
    elif arguments.junit != "-":
        print("\n".join(_lines(trial, found, checked=plan.check is not None)))
    if arguments.junit:
        write_text(arguments.junit, _junit(trial, found, name))
    if plan.seccomp is None:
        note_unknown(trial.simulation.file)
    for note in trial.trace.notes:
        say(f"note: {note}")
    sys.stdout.flush()
    if trial.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.OK if trial.outcome.passed and not _harmful(found) else ExitCode.FAILED


def _harmful(found: "Answer") -> "list[Denial]":
    """The denials that count: programs do without a call that seems to be missing from the kernel (ENOSYS)."""
    return [denial for denial in found.denied if denial.verdict.decision.errno != "ENOSYS"]


def read_plan(arguments: argparse.Namespace) -> "Plan":
    """Read from the options what to run.

    Raises:
        UsageError: an option is missing or invalid.
        ProfileError: the profile cannot be read.
    """
    from runner.cli.profile.given.source import read_named
    from runner.profile.source.writer import write_profile

    if not arguments.words:
        raise UsageError("no image is named", remedy=f"name one behind the options: {USAGE}")
    if not arguments.profile:
        raise UsageError("no profile is named", remedy="write --profile FILE, or --profile default")
    refuse_file(arguments.words)
    reading = read_named(arguments.profile)
    if reading.profile.default_action is None:
        raise UsageError(
            f"{arguments.profile}: an empty profile turns seccomp off", remedy="give it a defaultAction"
        )
    return replace(plan_of(arguments), seccomp=write_profile(reading.profile), file=arguments.profile)


def plan_of(arguments: argparse.Namespace) -> "Plan":
    """Read what to run, with the profile that the words themselves choose."""
    from runner.cli.profile.given.fitting import refuse_unused
    from runner.cli.profile.workload.running import docker_command
    from runner.trace.trial import Plan

    if arguments.check or arguments.http:
        refuse_unused(
            {"--exit": None if arguments.exit is None else True},
            "the check decides, and not the exit status",
            "leave it out, or leave the check out",
        )
    else:
        refuse_unused(
            {"--within": arguments.within},
            "it is the time that a check may take, and there is none",
            "write --check COMMAND or --http PORT beside it; --for ends the program after some time",
        )
    return Plan(
        words=arguments.words,
        docker=docker_command(),
        check=_check(arguments),
        status=arguments.exit or 0,
        within=arguments.within or _WITHIN,
        seconds=arguments.seconds,
    )


def _check(arguments: argparse.Namespace) -> "Check | None":
    from runner.trace.check import Command, Http

    if arguments.check and arguments.http:
        raise UsageError(
            "--check and --http are two checks", remedy="give one; a command can make the request too"
        )
    if arguments.check:
        return Command(arguments.check)
    return Http.of(arguments.http) if arguments.http else None


def _lines(trial: "Trial", found: "Answer", *, checked: bool) -> "Iterator[str]":
    from runner.cli.profile.decisions.answering import answer_lines

    if trial.refused:
        yield f"the container did not start: {trial.refused}"
    yield from answer_lines(trial.simulation, found)
    if found.denied and not _harmful(found):
        yield "Answered with ENOSYS alone, as a kernel without the call would: no failure, since the check decides."
    if trial.refused and found.command:
        yield (
            "What the program itself calls shows once it starts: test again with the new profile, or have "
            "`workshop profile generate` find it all."
        )
    yield _last_line(trial, found, checked=checked)


def _last_line(trial: "Trial", found: "Answer", *, checked: bool) -> str:
    """The result, as the exit code tells it; `checked` if a check was given."""
    from runner.language import counted

    if trial.interrupted:
        check = ", with its check" if checked else ""
        return f"not decided: it was interrupted, and the program was ended{check}"
    if not trial.outcome.passed:
        return f"check FAILED: {trial.outcome.said}"
    if harmful := _harmful(found):
        names = dict.fromkeys(denial.verdict.call.syscall.name for denial in harmful)
        was = "was" if len(names) == 1 else "were"
        return (
            f"test FAILED: {counted(len(names), 'calls')} {was} denied ({', '.join(names)}), though the check passed: "
            f"{trial.outcome.said}"
        )
    return f"check passed: {trial.outcome.said}"


def _json(trial: "Trial", found: "Answer") -> dict[str, object]:
    from runner.cli.profile.decisions.as_json import answer_json

    return {
        "interrupted": trial.interrupted,
        "check": {"passed": None if trial.interrupted else trial.outcome.passed, "said": trial.outcome.said},
        "refused": trial.refused,
        **answer_json(trial.simulation, trial.evidence, found),
    }


def _junit(trial: "Trial", found: "Answer", name: str) -> str:
    """A JUnit report with a case for the check, and one for each kind of denied call.

    An interrupted run has failed no case.
    """
    from runner.cli.profile.decisions.answering import denial_lines
    from runner.report.junit import cases

    suite = f"profile test {trial.simulation.file}: {name}"
    if trial.interrupted:
        return cases(suite, {}, trial.trace.seconds, skipped={"check": trial.outcome.said})
    failures = {"check": "" if trial.outcome.passed else trial.outcome.said}
    for denial in _harmful(found):
        failures[f"{denial.verdict.call.syscall.name} is not denied"] = "\n".join(denial_lines(denial))
    if not (_harmful(found) or trial.refused):
        failures["nothing is denied"] = ""
    return cases(suite, failures, trial.trace.seconds)
