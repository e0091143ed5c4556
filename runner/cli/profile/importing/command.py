"""The command `workshop profile import`, and the calls that it adds for a runtime."""

import argparse

from runner.cli.parser import Parser
from runner.cli.profile.given.options import add_arch, add_json, add_output
from runner.cli.profile.importing.sources import SOURCES
from runner.errors import ExitCode, UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.profile.importers import Imported
    from runner.profile.model import Profile

_FORMS = (
    *("auto", "names", "lxc", "evidence", "strace", "strace-count", "audit", "perf-trace"),
    *("sysdig", "tracepoint", "trace", "oci", "podman"),
    *("operator", "held", "systemd"),
)


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import`."""
    parser = commands.add_parser(
        "import",
        description="Make a profile in Docker's format from a list of names, an LXC policy, strace's logs and tables, "
        "audit records, an OCI configuration, a profile of Podman or the Security Profiles Operator, systemd's "
        "settings, or a file that holds a profile (compose, docker inspect, kubectl get). Several files, such as "
        "those of strace -ff, are taken together. The format that was read, and lines not used, are reported on "
        "standard error.",
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="FILE",
        help=SOURCES,
    )
    parser.add_argument(
        "--from",
        dest="form",
        choices=_FORMS,
        default="auto",
        help="its format (default: detected); evidence is all logs, records and tables of calls",
    )
    if isinstance(parser, Parser):
        parser.meant["docker"] = "write --from podman, which reads Docker's as well"
    parser.add_argument("--name", default="", help="which profile, where a file holds several")
    add_arch(parser)
    parser.add_argument(
        "--for",
        dest="runtime",
        metavar="RUNTIME",
        help="also allow the calls that the runtime itself makes in the container: runc, or runc=1.1.5 for one version",
    )
    add_output(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the profile; report unreadable ones among several files, and then return exit code USAGE."""
    from runner.cli.output import check_target, say_each, write_told
    from runner.cli.profile.given.inputs import check_stdin, spoken
    from runner.cli.profile.importing.report import print_report, report_json
    from runner.cli.profile.importing.sources import read_source
    from runner.errors import WorkshopError
    from runner.profile.merge import union
    from runner.profile.source.writer import profile_json, write_profile

    check_stdin(*arguments.sources)
    check_target(arguments.output)
    several = len(arguments.sources) > 1
    found: list[tuple[str, Imported]] = []
    failed: list[str] = []
    for source in arguments.sources:
        try:
            found.append((spoken(source) if several else "", read_source(source, arguments)))
        except WorkshopError as error:
            if not several:
                raise
            failed.append(str(error))
    if not found:
        raise UsageError(
            f"none of the files could be read; {'; '.join(failed)}",
            remedy="give one file alone, and it is said what would help with it",
        )
    profile = found[0][1].profile
    for _, more in found[1:]:
        profile = union(profile, more.profile)
    profile, needs = _for_runtime(profile, found, arguments.runtime)
    if arguments.json:
        import json

        report = {"profile": profile_json(profile), **report_json(found, needs), "failed": failed}
        write_told(arguments.output, f"{json.dumps(report, indent=2)}\n")
    else:
        write_told(arguments.output, write_profile(profile))
        print_report(found, needs)
        say_each("error", failed)
    return ExitCode.USAGE if failed else ExitCode.OK


def _for_runtime(
    profile: "Profile", found: "Sequence[tuple[str, Imported]]", runtime: str | None
) -> "tuple[Profile, dict[str, list[str]]]":
    """The profile with the runtime's calls, if asked for, and the calls that were added, or that are still missing."""
    from runner.cli.profile.given.calls import runtime_calls
    from runner.profile.edit import allow
    from runner.profile.filter.runtime_start import missing

    if runtime is not None:
        calls = runtime_calls(runtime)
        added = missing(profile, calls)
        return allow(profile, added), {"added": list(added)}
    if not any(imported.observed for _, imported in found):
        return profile, {}
    return profile, {"missing": list(missing(profile, runtime_calls("runc", least=True)))}
