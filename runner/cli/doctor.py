"""`workshop doctor`: which engine is used and why, what is missing, and mending it."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from runner.cli.engines import add_engine_options, engine_choice
from runner.cli.output import say
from runner.errors import ExitCode

if TYPE_CHECKING:
    from runner.engine.doctor import Examination


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `doctor`."""
    parser = commands.add_parser(
        "doctor",
        description="Say which container engine is used and why, what this machine lacks, and what to do about it. "
        "Exits with 3 if labs cannot run.",
    )
    parser.add_argument("--fix", action="store_true", help="install the Debian packages that are missing")
    parser.add_argument("--quiet", action="store_true", help="say something only if there is something to do")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_engine_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Examine the machine, mend what can be mended if asked to, and tell."""
    from runner.engine.doctor import examine, missing_packages
    from runner.engine.install import install

    choice = engine_choice(arguments)
    found = examine(choice)
    if arguments.fix and not found.healthy and (packages := missing_packages(found.findings)):
        say("Installing what the workshop needs: " + ", ".join(packages))
        install(packages, say)
        found = examine(choice)
    if arguments.json:
        print(json.dumps(_data(found), indent=2))
    elif not (arguments.quiet and found.healthy):
        print("\n".join(_lines(found)))
    return ExitCode.OK if found.healthy else ExitCode.ENGINE


def _lines(found: "Examination") -> list[str]:
    rows = ["Engines, in the order in which they are considered:"]
    for candidate in found.candidates:
        mark = ">" if candidate is found.used else " "
        rows.append(f" {mark} {candidate.endpoint.source:<16} {candidate.suitability}: {candidate.reason}")
        rows.append(f"   {'':<16} {candidate.endpoint.url}")
    rows += [f"   note: {remark}" for remark in found.remarks]
    rows += ["", "This machine:"]
    for finding in found.findings:
        rows.append(f"   {finding.level:<8} {finding.name:<16} {finding.detail}")
        if finding.remedy:
            rows.append(f"   {'':<8} {'':<16} -> {finding.remedy}")
    return rows


def _data(found: "Examination") -> dict[str, Any]:
    return {
        "healthy": found.healthy,
        "candidates": [
            {
                "source": candidate.endpoint.source,
                "endpoint": candidate.endpoint.url,
                "verdict": candidate.suitability,
                "reason": candidate.reason,
                "used": candidate is found.used,
            }
            for candidate in found.candidates
        ],
        "remarks": list(found.remarks),
        "findings": [
            {
                "name": finding.name,
                "level": finding.level,
                "detail": finding.detail,
                "remedy": finding.remedy,
                "packages": finding.packages,
            }
            for finding in found.findings
        ],
    }
