"""`workshop profile generate`: find the smallest profile that a program runs under, proven by running it."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from runner.cli.profile.given.options import add_output
from runner.cli.profile.workload.evidence_file import read_evidence_file
from runner.cli.profile.workload.running import USAGE, add_engine, forward_words, refuse_file
from runner.cli.profile.workload.testing import add_checks
from runner.cli.profile.workload.trace import add_duration
from runner.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from runner.engine.docker.engine import DockerEngine
    from runner.profile.model import Profile
    from runner.profile.version import Version
    from runner.trace.generate import Wishes
    from runner.trace.trace import Trace
    from runner.trace.trial import Plan, Trial

MOST_ROUNDS = 4
_NAMES_SHOWN = 200


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `generate`."""
    parser = commands.add_parser(
        "generate",
        usage=f"workshop profile generate [options] {USAGE}\n"
        "       workshop profile generate --from FILE [options]",
        description="Watch a program and write the smallest profile that it runs under: what it called, what the "
        "runtime calls itself, and what is added by hand. The program is then run under the result, with the same "
        "check, before anything is written. Earlier traces, and logs and tables of any kind that `import` reads, are "
        "added with --from; from these alone the profile is made without proof.",
    )
    parser.add_argument(
        "--from",
        dest="files",
        action="append",
        default=[],
        metavar="FILE",
        help="a trace, log or table; may be repeated",
    )
    parser.add_argument(
        "--base",
        default="none",
        metavar="PROFILE",
        help="none: begin with nothing (the default); default, or another profile: take away what is never used",
    )
    parser.add_argument("--add", action="append", default=[], metavar="CALLS", help="allow these calls too")
    parser.add_argument(
        "--no-conditions",
        dest="conditions",
        action="store_false",
        help="allow socket and other such calls for all arguments",
    )
    parser.add_argument(
        "--architectures",
        choices=("seen", "all"),
        default="seen",
        help="those of the calls seen, or Docker's own list",
    )
    parser.add_argument("--runtime", metavar="V", help="runc's version (default: the engine's, or any)")
    add_checks(parser)
    add_duration(parser)
    add_output(parser)
    add_engine(parser)
    forward_words(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Trace the program, generate the profile, prove it, and write it."""
    from runner.cli.output import check_target, say, write_told
    from runner.profile.source.writer import write_profile
    from runner.trace.generate import generate
    from runner.trace.trace import merged

    if not (arguments.words or arguments.files):
        raise UsageError(
            "nothing to generate from", remedy="name an image to run, or traces and logs: --from FILE"
        )
    if not arguments.words:
        _refuse_of_run(arguments)
    refuse_file(arguments.words)
    check_target(arguments.output)
    earlier = [read_evidence_file(name) for name in arguments.files]
    if arguments.words:
        profile = _proven(arguments, earlier)
    else:
        trace = merged(earlier)
        profile = generate(trace, _wishes(arguments, None))
        say("note: made from files alone, and not proven by running: `workshop profile test` does that")
    if profile is None:
        return ExitCode.FAILED
    write_told(arguments.output, write_profile(profile))
    return ExitCode.OK


def _refuse_of_run(arguments: argparse.Namespace) -> None:
    """Refuse the options about a run, where nothing is run."""
    from runner.cli.profile.given.fitting import refuse_unused

    refuse_unused(
        {
            "--check": arguments.check,
            "--http": arguments.http,
            "--exit": None if arguments.exit is None else True,
            "--within": arguments.within,
            "--for": arguments.seconds,
            "--engine": arguments.engine or None,
        },
        "from files alone a profile is made without running anything",
        "name an image behind the options, or leave it out",
    )


def _proven(arguments: argparse.Namespace, earlier: "list[Trace]") -> "Profile | None":
    """The profile under which the program ran successfully; None if there is none, after reporting it."""
    from runner.cli.output import say
    from runner.cli.profile.workload.running import Foreground, engine_of
    from runner.cli.profile.workload.testing import plan_of
    from runner.cli.profile.workload.trace import spoken_words
    from runner.profile.source.writer import write_profile
    from runner.trace.generate import generate
    from runner.trace.trace import merged
    from runner.trace.trial import tried

    name = spoken_words(arguments.words)
    plan = plan_of(arguments)

    def attempt(engine: "DockerEngine", plan: "Plan") -> "Trial":
        trial = tried(engine, plan, name, Foreground)
        if trial.interrupted:
            how = "under the profile" if plan.seccomp is not None else "for the first time"
            check = ", and its check" if plan.check is not None else ""
            say(f"ended `{name}`, which ran {how}{check}; nothing was written")
            raise KeyboardInterrupt
        return trial

    with engine_of(arguments) as engine:
        first = attempt(engine, replace(plan, keep_programs=True))
        if not first.outcome.passed:
            say(
                f"workshop: it does not work before anything is taken away: {first.refused or first.outcome.said}"
            )
            say("  next: make it work under docker's own profile first, or give another --check")
            return None
        trace = merged([*earlier, first.trace])
        runtime = _runtime(engine.info.runtime, engine.info.runtime_version)
        for _ in range(MOST_ROUNDS):
            profile = generate(trace, _wishes(arguments, runtime))
            trial = attempt(
                engine, replace(plan, seccomp=write_profile(profile), file="the generated profile")
            )
            more = _new_calls(trial, trace)
            if trial.outcome.passed and not more:
                _report(profile, trace, first, trial)
                return profile
            if not more:
                break
            say(f"note: this run also called {' '.join(sorted(more))}, which are added; trying again")
            trace = _with(trace, more, first.trace.arch)
    say(
        f"workshop: it does not work under the profile: {trial.refused or trial.outcome.said}; nothing was written"
    )
    _say_denied(trial)
    if plan.check is not None:
        say(
            "  next: a check by `docker exec` is itself under the profile, and not watched; let a client of its own ask"
        )
    return None


def _new_calls(trial: "Trial", trace: "Trace") -> set[str]:
    """Calls that the profile denied although earlier runs were allowed them: runs differ."""
    denied = {verdict.call.syscall.name for verdict in trial.recorder.verdicts if verdict.denied}
    return {name for name in denied if name not in trace.denied and not name.startswith("#")}


def _with(trace: "Trace", names: set[str], arch: str) -> "Trace":
    from runner.trace.trace import TracedCall, in_order

    known = {call.name: call for call in trace.calls}
    # For a known call, other arguments were denied: another run would not show which ones matter.
    changed = [replace(call, more=True) if call.name in names else call for call in trace.calls]
    added = [TracedCall(name=name, arch=arch, count=1) for name in names if name not in known]
    return replace(trace, calls=in_order([*changed, *added]))


def _report(profile: "Profile", trace: "Trace", first: "Trial", proof: "Trial") -> None:
    from runner.cli.output import say
    from runner.language import counted
    from runner.trace.generate import uncovered
    from runner.trace.imports import imported, why_not_looked_into

    names = {name for rule in profile.rules for name in rule.names}
    runs = counted(trace.runs, "runs")
    say(f"{len(names)} calls are named in the profile; {len(trace.calls)} were seen in {runs}.")
    said = f" ({proof.outcome.said})" if proof.outcome.said else ""
    say(f"proven: it started, and the check passed{said}, with nothing denied that it had before")
    functions = {function: calls for program in first.programs for function, calls in imported(program)}
    could = uncovered(trace, functions.items())
    if could:
        say(f"not covered by the runs, though the program imports it: {', '.join(could[:_NAMES_SHOWN])}")
        say("  next: run it so that it does these things too, or allow them with --add")
    for path, program in zip(first.trace.programs, first.programs, strict=True):
        if why := why_not_looked_into(program):
            say(f"not looked into: {path}: {why}; what else it could call is not known")
    if trace.runs == 1:
        say(
            "note: what one run did not call is denied to the next; a call that depends on timing or on input, such as "
            "poll, may be missing"
        )
        say(
            "  next: trace more runs (`workshop profile trace --format json -o run.json ...`; --merge adds earlier "
            "ones) and give them with --from run.json; try the result several times with `workshop profile test`"
        )


def _say_denied(trial: "Trial") -> None:
    from runner.cli.output import say

    for verdict in trial.recorder.verdicts:
        if verdict.denied:
            say(f"  denied: {verdict.headline}")


def _wishes(arguments: argparse.Namespace, runtime: "Version | None") -> "Wishes":
    from runner.cli.profile.given.source import read_named
    from runner.cli.profile.given.versions import read_version
    from runner.profile.importers.imported import ARCH_MAP
    from runner.trace.generate import Wishes

    return Wishes(
        based_on=None if arguments.base == "none" else read_named(arguments.base).profile,
        runtime=read_version(arguments.runtime, "--runtime") or runtime,
        added=_added(arguments.add),
        conditions=arguments.conditions,
        every_architecture=ARCH_MAP if arguments.architectures == "all" else (),
    )


def _added(values: list[str]) -> list[str]:
    from runner.cli.profile.given.calls import check_name

    names = [name for value in values for name in value.replace(",", " ").split()]
    for name in names:
        check_name(name, "--add")
    return names


def _runtime(name: str, version: str) -> "Version | None":
    from runner.profile.version import Version

    try:
        return Version.of(version) if name == "runc" else None
    except ValueError:
        return None
