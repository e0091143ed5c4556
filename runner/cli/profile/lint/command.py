"""The command `workshop profile lint`: its options, and the exit code."""

import argparse

from runner.cli.profile.given.options import add_arch, add_engine_version, add_json, add_kernel
from runner.errors import ExitCode, UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.finding import Finding
    from runner.profile.lint import LintTarget


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `lint`."""
    parser = commands.add_parser(
        "lint",
        description="Find what keeps a container from starting, what does not deny what it seems to deny, and what "
        "surprises elsewhere. Exits with 1 where something is as bad as --fail-on says, and with 2 where a file gives "
        "no profile, unless it describes containers and turns seccomp off for none: then a note says what confines "
        "them. The others are checked all the same. A comment in a rule with `lint: ignore RULE` keeps a "
        "finding about that rule from being reported.",
    )
    parser.add_argument(
        "profiles", nargs="*", metavar="PROFILE", help="a file, -, or a built-in profile's name"
    )
    parser.add_argument("--explain", metavar="RULE", help="explain a rule and exit; 'all' for every rule")
    parser.add_argument("--fix", action="store_true", help="make all certain fixes, in place")
    parser.add_argument(
        "--fail-on",
        choices=("error", "high", "medium", "info", "never"),
        default="high",
        metavar="SEVERITY",
        help="exit with 1 on a finding of this severity or a worse one: error, high, medium, info, or never "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--strict", action="store_const", dest="fail_on", const="medium", help="the same as --fail-on medium"
    )
    parser.add_argument(
        "--select", action="append", default=[], metavar="RULE", help="only these (repeat, or commas)"
    )
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="RULE", help="not these (repeat, or commas)"
    )
    parser.add_argument("--runtime", metavar="V", help="runc's version, such as 1.1.5 (default: any)")
    parser.add_argument(
        "--for",
        dest="reader",
        choices=("docker", "kubernetes", "runc"),
        help="who reads it (default: docker, but kubernetes for what a manifest holds, and runc itself for a runtime's "
        "configuration)",
    )
    parser.add_argument(
        "--libseccomp", metavar="V", help="libseccomp's version, such as 2.5.4 (default: any)"
    )
    add_engine_version(parser)
    add_arch(parser)
    add_kernel(parser)
    parser.add_argument(
        "--caps",
        metavar="SET",
        help="look at containers with these capabilities: default, all, none, or CAP_A,CAP_B "
        "(default: both default and all)",
    )
    parser.add_argument(
        "--format", choices=("text", "json", "sarif"), default="text", help="default: %(default)s"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Report the findings; exit code FAILED if one is severe enough, USAGE if a file gives no profile."""
    from runner.cli.profile.given.fitting import refuse_two_forms
    from runner.cli.profile.lint.output import explain_rule, print_findings

    refuse_two_forms(as_json=arguments.json, form=arguments.format, usual="text")
    form = "json" if arguments.json else arguments.format
    if arguments.explain is not None:
        _refuse_beside_explain(arguments)
        explain_rule(arguments.explain, form)
        return ExitCode.OK
    if not arguments.profiles:
        raise UsageError(
            "no profile is named", remedy="run `workshop profile lint FILE`, with - for standard input"
        )
    from runner.cli.profile.given.inputs import check_stdin
    from runner.cli.profile.given.source import of_engine
    from runner.cli.profile.lint.files import lint_file
    from runner.profile.docker_conditions import CONTAINERD, RUNC
    from runner.profile.lint import selection

    check_stdin(*arguments.profiles)
    target = _target(arguments)
    wanted = selection(_words(arguments.select), _words(arguments.ignore))
    reader = {None: None, "docker": "", "kubernetes": CONTAINERD, "runc": RUNC}[arguments.reader]
    found = [
        linted
        for given in arguments.profiles
        for linted in lint_file(
            of_engine(given, target.engine), target, wanted, reader=reader, fix=arguments.fix
        )
    ]
    print_findings(found, form)
    return _exit_code([finding for linted in found for finding in linted.findings], arguments.fail_on)


def _refuse_beside_explain(arguments: argparse.Namespace) -> None:
    from runner.cli.profile.given.fitting import refuse_unused

    named = {f"PROFILE {name}": True for name in arguments.profiles}
    refuse_unused(
        {
            **named,
            "--fix": arguments.fix,
            "--select": arguments.select or None,
            "--ignore": arguments.ignore or None,
            "--runtime": arguments.runtime,
            "--for": arguments.reader,
            "--libseccomp": arguments.libseccomp,
            "--engine-version": arguments.engine_version,
            "--arch": arguments.arch,
            "--kernel": arguments.kernel,
            "--caps": arguments.caps,
        },
        "--explain explains a rule, and reads no profile",
        "leave it out, or leave --explain out to lint it",
    )


def _exit_code(findings: "list[Finding]", fail_on: str) -> ExitCode:
    from runner.profile.finding import Severity
    from runner.profile.lint.holding import UNCONFINED
    from runner.profile.lint.unusable import RULES as UNUSABLE

    unusable = {*(rule.id for rule in UNUSABLE), UNCONFINED}
    if any(finding.rule in unusable and finding.severity is Severity.ERROR for finding in findings):
        return ExitCode.USAGE
    if fail_on == "never":
        return ExitCode.OK
    worst_first = list(Severity)
    failing = worst_first[: worst_first.index(Severity(fail_on)) + 1]
    return ExitCode.FAILED if any(finding.severity in failing for finding in findings) else ExitCode.OK


def _target(arguments: argparse.Namespace) -> "LintTarget":
    from runner.cli.profile.given.options import read_arch, read_kernel, read_runtime
    from runner.cli.profile.given.versions import read_version
    from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES, read_capabilities
    from runner.profile.lint import LintTarget

    engine = read_version(arguments.engine_version, "--engine-version")
    both = (DEFAULT_CAPABILITIES, ALL_CAPABILITIES)
    return LintTarget(
        arch=read_arch(arguments.arch),
        engine=engine,
        runtime=read_runtime(arguments.runtime, engine),
        library=read_version(arguments.libseccomp, "--libseccomp"),
        kernel=read_kernel(arguments.kernel),
        caps=both if arguments.caps is None else (read_capabilities(arguments.caps, engine),),
    )


def _words(values: list[str]) -> list[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]
