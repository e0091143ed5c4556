"""`workshop doctor`: show the engine in use and the reason, check it, and fix problems."""

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runner.cli.engines import add_engine_options, engine_choice
from runner.cli.output import say
from runner.errors import EngineError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.engine.doctor.examine import Examination
    from runner.engine.doctor.findings import Finding


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `doctor`."""
    parser = commands.add_parser(
        "doctor",
        description="Say which container engine is used and why, start a container on it under a profile, and say "
        "what this machine lacks and what to do about it. Exits with 3 if labs cannot run.",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="install the Debian packages that are missing, without starting their services, and give this user "
        "subordinate ids",
    )
    parser.add_argument(
        "--quiet",
        action="store_true",
        help="print only if there is something to do; neither repeat a trial that passed nor ask again for a "
        "password that was refused",
    )
    parser.add_argument(
        "--classroom",
        action="store_true",
        help="also report what a class on this machine lacks, and how many learners fit",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_engine_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Examine the machine, fix problems if asked to, and print the result."""
    from runner.engine.doctor.examine import examine_and_try
    from runner.engine.doctor.install import fix, for_administrator

    choice = engine_choice(arguments)
    again = not arguments.quiet

    def look() -> "Examination":
        found = examine_and_try(choice, say, again=again)
        return _with_classroom(found) if arguments.classroom else found

    found = look()
    trouble: EngineError | None = None
    if arguments.fix and found.fixes:
        try:
            fix(found.fixes, say, again=again)
        except EngineError as error:
            trouble = error
        found = look()
    if arguments.json:
        print(json.dumps(_data(found), indent=2))
    elif not (arguments.quiet and found.healthy):
        print("\n".join(_lines(found)), flush=True)
    if trouble is not None and not found.healthy:
        raise trouble
    if found.fixes and not arguments.fix:
        say(
            f"`workshop doctor --fix` makes all possible fixes; so can root: {for_administrator(found.fixes)}"
        )
    return ExitCode.OK if found.healthy else ExitCode.ENGINE


def _with_classroom(found: "Examination") -> "Examination":
    """The examination, with the needs of a class added."""
    from runner.box.machine import examine
    from runner.box.resources import ClassResources

    return replace(found, classroom=examine(ClassResources.default()))


def _lines(found: "Examination") -> list[str]:
    rows = ["Engines, in the order in which they are considered:"]
    for candidate in found.candidates:
        mark = ">" if candidate is found.used else " "
        rows.append(f" {mark} {candidate.endpoint.source:<16} {candidate.suitability}: {candidate.reason}")
        rows.append(f"   {'':<16} {candidate.endpoint.url}")
    rows += [f"   note: {remark}" for remark in found.remarks]
    rows += ["", "This machine:"]
    rows += _rows(found.findings)
    if found.classroom:
        rows += ["", "A class on this machine:", *_rows(found.classroom)]
    return rows


def _rows(findings: "Sequence[Finding]") -> list[str]:
    rows = []
    width = max((len(finding.name) for finding in findings), default=0)
    for finding in findings:
        rows.append(f"   {finding.level:<8} {finding.name:<{width}} {finding.detail}")
        if finding.remedy:
            rows.append(f"   {'':<8} {'':<{width}} -> {finding.remedy}")
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
        "findings": [_finding(finding) for finding in found.findings],
        **({"classroom": [_finding(finding) for finding in found.classroom]} if found.classroom else {}),
    }


def _finding(finding: "Finding") -> dict[str, Any]:
    return {
        "name": finding.name,
        "level": finding.level,
        "detail": finding.detail,
        "remedy": finding.remedy,
        "packages": finding.packages,
    }
