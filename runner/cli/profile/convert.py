"""`workshop profile import` and `export`: to and from other tools' formats."""

import argparse
import sys

from runner.cli.profile.options import add_json, add_profile, add_target
from runner.errors import ExitCode

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.profile.exporters import Exported
    from runner.profile.model import OciSeccomp, Profile

_IMPORTS = ("auto", "names", "lxc", "strace", "strace-count", "audit", "oci", "podman", "operator", "systemd")
_EXPORTS = ("docker", "docker-compact", "docker-per-call", "oci", "pod", "operator", "systemd")


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import` and `export`."""
    reading = commands.add_parser(
        "import",
        description="Make a profile in Docker's format from a list of names, an LXC policy, strace's output, audit "
        "records, an OCI configuration, a profile of Podman or the Security Profiles Operator, or systemd's settings.",
    )
    reading.add_argument(
        "source", metavar="FILE", help="a file, - for standard input, or a built-in profile's name"
    )
    reading.add_argument(
        "--from",
        dest="form",
        choices=_IMPORTS,
        default="auto",
        help="its format (default: what it looks like)",
    )
    add_json(reading)
    reading.set_defaults(run=run_import)
    writing = commands.add_parser(
        "export",
        description="Print a profile as Docker's JSON, or for another tool; what its format cannot carry is said on "
        "standard error.",
    )
    add_profile(writing)
    writing.add_argument("--to", dest="form", choices=_EXPORTS, required=True, help="the format")
    writing.add_argument("--name", default="profile", help="its name in Kubernetes (default: %(default)s)")
    add_target(writing)
    add_json(writing)
    writing.set_defaults(run=run_export)


def run_import(arguments: argparse.Namespace) -> ExitCode:
    """Print the profile; with `--json` also what should be checked."""
    from runner.cli.profile.source import spoken
    from runner.profile.errors import ProfileError
    from runner.profile.importers import import_profile
    from runner.profile.source.writer import profile_json, write_profile

    try:
        imported = import_profile(_read_text(arguments.source), arguments.form)
    except ProfileError as error:
        raise error.in_file(spoken(arguments.source)) from None
    if arguments.json:
        import json

        print(
            json.dumps({"profile": profile_json(imported.profile), "notes": list(imported.notes)}, indent=2)
        )
        return ExitCode.OK
    sys.stdout.write(write_profile(imported.profile))
    _say("note", imported.notes)
    return ExitCode.OK


def run_export(arguments: argparse.Namespace) -> ExitCode:
    """Print the text; with `--json` also what is lost."""
    from runner.cli.profile.options import read_target
    from runner.cli.profile.source import of_engine, read_named
    from runner.profile.errors import ProfileError
    from runner.profile.resolve import resolve

    target = read_target(arguments)
    name = of_engine(arguments.profile, target.engine)
    profile = read_named(name).profile
    if arguments.form.startswith("docker"):
        exported = _docker(profile, arguments.form)
    else:
        try:
            exported = _resolved(resolve(profile, target), arguments.form, arguments.name)
        except ProfileError as error:
            raise error.in_file(error.file or name) from None
    if arguments.json:
        import json

        print(json.dumps({"text": exported.text, "lost": list(exported.lost)}, indent=2))
        return ExitCode.OK
    sys.stdout.write(exported.text)
    _say("lost" if arguments.form != "pod" else "note", exported.lost)
    return ExitCode.OK


def _docker(profile: "Profile", form: str) -> "Exported":
    from runner.profile.exporters import Exported, compact, one_rule_per_call
    from runner.profile.source.writer import write_profile

    arranged = {"docker-compact": compact, "docker-per-call": one_rule_per_call}.get(form)
    return Exported(write_profile(arranged(profile) if arranged else profile))


def _resolved(oci: "OciSeccomp | None", form: str, name: str) -> "Exported":
    """A format that knows neither capabilities nor kernels: it gets the profile resolved for the target."""
    import json

    from runner.profile.errors import ProfileError
    from runner.profile.exporters import Exported, export_operator, export_pod, export_systemd
    from runner.profile.source.oci import oci_json

    if oci is None:
        raise ProfileError("the profile is empty, which turns seccomp off: there is nothing to export")
    if form == "oci":
        return Exported(json.dumps(oci_json(oci), indent=2) + "\n")
    if form == "pod":
        return export_pod(name)
    return export_operator(oci, name) if form == "operator" else export_systemd(oci)


def _read_text(name: str) -> str:
    from runner.cli.profile.source import read_bytes
    from runner.profile.errors import ProfileError
    from runner.profile.importers.imported import MAX_CHARACTERS

    data = read_bytes(name, MAX_CHARACTERS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProfileError(f"line {line} is not UTF-8 text", remedy="name a text file") from None


def _say(kind: str, sentences: "Sequence[str]") -> None:
    for sentence in sentences:
        print(f"{kind}: {sentence}", file=sys.stderr)
