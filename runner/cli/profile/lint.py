"""`workshop profile lint`: find faults in a profile."""

import argparse
import sys

from runner.cli.profile.given.options import add_arch, add_engine_version, add_json, add_kernel
from runner.errors import ExitCode, UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.profile.finding import Finding
    from runner.profile.lint import LintTarget
    from runner.profile.source.reader import Reading


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
        choices=("docker", "kubernetes"),
        help="who hands it to the runtime (default: docker, but kubernetes for what a manifest holds, and nobody for "
        "a runtime's configuration)",
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
    """Report the findings; exit code FAILED if one is severe enough."""
    form = "json" if arguments.json else arguments.format
    if arguments.explain is not None:
        return _explain(arguments.explain, form)
    if not arguments.profiles:
        raise UsageError(
            "no profile is named", remedy="run `workshop profile lint FILE`, with - for standard input"
        )
    from runner.cli.profile.given.inputs import check_stdin
    from runner.cli.profile.given.source import of_engine
    from runner.profile.finding import Severity
    from runner.profile.lint import selection
    from runner.profile.lint.holding import UNCONFINED
    from runner.profile.lint.unusable import RULES as UNUSABLE

    check_stdin(*arguments.profiles)
    target = _target(arguments)
    wanted = selection(_words(arguments.select), _words(arguments.ignore))
    found: list[tuple[str, list[Finding]]] = []
    within: set[str] = set()
    for name in (of_engine(given, target.engine) for given in arguments.profiles):
        found += _lint_file(name, arguments, target, wanted, within)
    _print(found, within, form)
    findings = [finding for _, each in found for finding in each]
    unusable = {*(rule.id for rule in UNUSABLE), UNCONFINED}
    if any(finding.rule in unusable and finding.severity is Severity.ERROR for finding in findings):
        return ExitCode.USAGE
    worst_first = list(Severity)
    failing = (
        worst_first[: worst_first.index(Severity(arguments.fail_on)) + 1]
        if arguments.fail_on != "never"
        else []
    )
    return ExitCode.FAILED if any(finding.severity in failing for finding in findings) else ExitCode.OK


def _lint_file(
    name: str,
    arguments: argparse.Namespace,
    target: "LintTarget",
    wanted: "Callable[[str], bool]",
    within: set[str],
) -> "list[tuple[str, list[Finding]]]":
    """The findings of each profile in a file; adds to `within` the names of profiles embedded in other content.

    An unreadable profile is a finding, too.
    """
    from dataclasses import replace

    from runner.cli.profile.given.inputs import Found, spoken
    from runner.cli.profile.given.source import picked, read_all
    from runner.profile.docker_conditions import CONTAINERD
    from runner.profile.errors import NamesNoProfileError, NamesNothingError, ProfileError
    from runner.profile.lint import lint
    from runner.profile.lint.holding import UNCONFINED
    from runner.profile.lint.holding import finding_of as holding_finding
    from runner.profile.lint.unusable import findings_of, independent

    try:
        profiles = read_all(name)
    except NamesNoProfileError as error:
        step = f"; {error.remedy}" if isinstance(error, NamesNothingError) else ""
        print(f"note: {error}{step}", file=sys.stderr)
        return [(error.file or spoken(name), [])]
    except ProfileError as error:
        profiles = [Found("", error)]
    found: list[tuple[str, list[Finding]]] = []
    if profiles[0].off and wanted(UNCONFINED):
        file = spoken(picked(name)[0])
        for holder in dict.fromkeys(off.holder for off in profiles[0].off):
            places = (off for off in profiles[0].off if off.holder == holder)
            found.append((holder or file, [holding_finding(off) for off in places]))
    for each in profiles:
        reading = each.reading
        if isinstance(reading, ProfileError):
            faults, meant = findings_of(reading)
            others = independent(lint(meant, target, wanted), faults) if meant else []
            findings = sorted([*faults, *others], key=lambda finding: finding.at)
            found.append((reading.file or spoken(name), findings))
            continue
        if arguments.fix:
            reading = _fix(name, reading, target, wanted)
        readers = {None: reading.reader, "docker": "", "kubernetes": CONTAINERD}
        reader = readers[arguments.reader]
        label = reading.file or name
        if each.name and reading.within:
            label = f"{label}#{each.name}"
            within.add(label)
        found.append((label, lint(reading, replace(target, reader=reader, base=reading.base), wanted)))
    return found


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


def _fix(name: str, reading: "Reading", target: "LintTarget", wanted: "Callable[[str], bool]") -> "Reading":
    from dataclasses import replace

    from runner.cli.output import write_text
    from runner.cli.profile.given.inputs import BUILTIN, DEFAULT_OF
    from runner.profile.lint import fixed
    from runner.profile.source.reader import read_profile

    if name == "-":
        raise UsageError("standard input cannot be changed in place", remedy="name a file")
    if name in BUILTIN or name.startswith(DEFAULT_OF):
        raise UsageError(
            f"{name} comes with the workshop and is not changed in place",
            remedy=f"copy it with `workshop profile edit {name} -o {name}.json` and name the copy",
        )
    if reading.within:
        raise UsageError(
            f"{name} holds the profile among other things, and is not changed in place",
            remedy=f"take it out with `workshop profile import {name}`, and name the copy",
        )
    name = reading.file or name
    text = fixed(reading, target, wanted)
    if text == reading.document.text:
        print(f"{name}: unchanged, nothing here has a certain remedy", file=sys.stderr)
        return reading
    write_text(name, text)
    print(f"{name}: fixed", file=sys.stderr)
    return replace(
        read_profile(text),
        file=reading.file,
        reader=reading.reader,
        base=reading.base,
    )


def _print(found: "list[tuple[str, list[Finding]]]", within: set[str], form: str) -> None:
    if form == "text":
        for name, findings in found:
            for finding in findings:
                at = finding.at
                print(f"{name}:{at.line}:{at.column}: {finding.severity.value}: {finding}")
        print(_closing([finding for _, findings in found for finding in findings]), file=sys.stderr)
        return
    import json

    from runner.profile.lint.report import report_json, report_sarif

    print(json.dumps(report_json(found) if form == "json" else report_sarif(found, within), indent=2))


def _closing(findings: "list[Finding]") -> str:
    """The number of findings by severity, the worst first."""
    from collections import Counter

    from runner.profile.finding import Severity

    counts = Counter(finding.severity for finding in findings)
    errors = "error" if counts[Severity.ERROR] == 1 else "errors"
    named = {Severity.ERROR: errors, Severity.HIGH: "high", Severity.MEDIUM: "medium", Severity.INFO: "info"}
    each = [f"{counts[severity]} {named[severity]}" for severity in Severity if counts[severity]]
    return f"found: {', '.join(each)}" if each else "nothing found"


def _explain(identifier: str, form: str) -> ExitCode:
    from runner.profile.lint import RULES, rule_named

    if form == "sarif":
        raise UsageError("--explain has no form in SARIF", remedy="write --format text or json")
    rules = list(RULES.values()) if identifier == "all" else [rule_named(identifier)]
    if form == "json":
        import json

        listed = [
            {"rule": rule.id, "severity": rule.severity.value, "explanation": rule.explanation}
            for rule in rules
        ]
        print(json.dumps(listed, indent=2))
        return ExitCode.OK
    from textwrap import fill

    print("\n\n".join(f"{rule.id} ({rule.severity.value})\n{fill(rule.explanation, 80)}" for rule in rules))
    return ExitCode.OK
