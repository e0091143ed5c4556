"""`workshop profile export`: write a profile in another tool's format."""

import argparse

from runner.cli.parser import Parser
from runner.cli.profile.given.options import USUAL_CAPS, add_json, add_output, add_profile, add_target
from runner.errors import ExitCode

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.exporters import Exported
    from runner.profile.model import OciSeccomp, Profile

_NAME = "profile"
_NAMED = ("kubernetes", "pod", "operator")
_EXPORTS = ("docker", "docker-compact", "docker-per-call", "oci", "kubernetes", "pod", "operator", "systemd")


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `export`."""
    parser = commands.add_parser(
        "export",
        description="Print a profile as Docker's JSON, or for another tool; parts that its format cannot express are "
        "listed on standard error.",
    )
    add_profile(parser)
    if isinstance(parser, Parser):
        parser.meant["k8s"] = "write --to kubernetes"
    parser.add_argument("--to", dest="form", choices=_EXPORTS, required=True, help="the format")
    parser.add_argument("--name", help=f"its name in Kubernetes (default: {_NAME})")
    add_target(parser)
    add_output(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the text; with `--json` also the parts that are lost."""
    from dataclasses import replace

    from runner.cli.output import check_target, say_each, write_told
    from runner.cli.profile.given.named import read_profile_argument
    from runner.profile.errors import ProfileError
    from runner.profile.exporters import resolution_losses
    from runner.profile.source.decode import KEY_CASE

    _refuse_unused(arguments)
    check_target(arguments.output)
    named = read_profile_argument(arguments, as_written=True)
    reading, profile = named.reading, named.reading.profile
    ignored = tuple(
        f"line {finding.at.line}: {finding.message}"
        for finding in reading.findings
        if finding.rule != KEY_CASE
    )
    if arguments.form.startswith("docker"):
        exported = _docker(profile, arguments.form)
    else:
        oci = named.resolved()
        try:
            exported = _resolved(oci, arguments.form, arguments.name or _NAME)
        except ProfileError as error:
            raise error.in_file(error.file or named.file) from None
        if oci is not None and arguments.form != "pod":
            exported = replace(
                exported, lost=(*resolution_losses(profile, oci, named.target), *exported.lost)
            )
    exported = replace(exported, lost=(*ignored, *exported.lost))
    if arguments.json:
        import json

        report = json.dumps({"text": exported.text, "lost": list(exported.lost)}, indent=2)
        write_told(arguments.output, f"{report}\n")
        return ExitCode.OK
    write_told(arguments.output, exported.text)
    say_each("lost" if arguments.form != "pod" else "note", exported.lost)
    return ExitCode.OK


def _refuse_unused(arguments: argparse.Namespace) -> None:
    from runner.cli.profile.given.fitting import refuse_unused

    if arguments.form not in _NAMED:
        refuse_unused(
            {"--name": arguments.name},
            f"it is a name in Kubernetes, and --to {arguments.form} has none",
            f"leave it out, or write --to {', '.join(_NAMED[:-1])} or {_NAMED[-1]}",
        )
    if arguments.form.startswith("docker"):
        refuse_unused(
            {
                "--caps": None if arguments.caps == USUAL_CAPS else arguments.caps,
                "--arch": arguments.arch,
                "--kernel": arguments.kernel,
            },
            f"--to {arguments.form} keeps the profile's rules for every container",
            "leave it out, or write --to oci, for what one container gets",
        )


def _docker(profile: "Profile", form: str) -> "Exported":
    from runner.profile.edit import with_names_alone
    from runner.profile.exporters import Exported, compact, one_rule_per_call
    from runner.profile.source.writer import write_profile

    profile, corrected = with_names_alone(profile)
    arrange = {"docker-compact": compact, "docker-per-call": one_rule_per_call}.get(form)
    arranged = arrange(profile) if arrange else profile
    kept = {rule.comment for rule in arranged.rules}
    comments = [rule.comment for rule in profile.rules if rule.comment and rule.comment not in kept]
    lost = (*corrected, *(f"the comment {comment!r}" for comment in comments))
    return Exported(write_profile(arranged), lost)


def _resolved(oci: "OciSeccomp | None", form: str, name: str) -> "Exported":
    """Export in a format without capabilities and kernels, after resolving the profile for the target."""
    import json

    from runner.profile.errors import ProfileError
    from runner.profile.exporters import (
        Exported,
        export_kubernetes,
        export_operator,
        export_pod,
        export_systemd,
    )
    from runner.profile.source.oci import oci_json

    if oci is None:
        raise ProfileError("the profile is empty, which turns seccomp off: there is nothing to export")
    if form == "oci":
        return Exported(json.dumps(oci_json(oci), indent=2) + "\n")
    if form == "pod":
        return export_pod(name)
    if form == "kubernetes":
        return export_kubernetes(oci, name)
    return export_operator(oci, name) if form == "operator" else export_systemd(oci)
