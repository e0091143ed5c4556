"""The combinations of an engine, a way to use it and a Python, and the tests run in each."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.engines.daemon import running
from tools.engines.inside import inside
from tools.engines.suite import SOURCE, USER, Suite


class Way(StrEnum):
    """The way in which the tests use the suite's engine."""

    NAMED = "named"
    """The engine runs beside this machine's; the tests run here, on this Python, and get its address."""
    PRIVATE = "private"
    """The tests run in the suite's root, on its Python, and start the private engine from its programs."""
    ROOTLESS = "rootless"
    """Like `PRIVATE`, as an ordinary user."""


@dataclass(frozen=True, slots=True)
class Combination:
    """One run of the tests."""

    suite: Suite
    way: Way

    @property
    def name(self) -> str:
        return f"{self.suite.name}-{self.way}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a run. `status` is pytest's, None if pytest did not run; `bad` are the tests that did not pass."""

    combination: Combination
    status: int | None
    engine: str = "?"
    python: str = "?"
    passed: int = 0
    skipped: int = 0
    bad: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return self.status == 0 and self.passed > 0


def run(combination: Combination, source: Path, options: Sequence[str], say: Callable[[str], None]) -> Result:
    """Run the tests of one combination; their output is in its log beside the root."""
    suite, began = combination.suite, time.monotonic()
    report = suite.cache / "reports" / f"{combination.name}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.parent.chmod(0o777)  # the ordinary user of a root also writes there
    about = _about(report)
    for old in (report, about):
        old.unlink(missing_ok=True)
    log = report.with_suffix(".log")
    say(f"{combination.name}: testing (log: {log})")
    try:
        suite.build(source, say)
        beside = running(suite) if combination.way is Way.NAMED else nullcontext("")
        with beside as address, log.open("w") as output:
            done = subprocess.run(
                _command(combination, source, report, options),
                cwd=source,
                env=os.environ
                | {"PYTHONDEVMODE": "1", "WORKSHOP_TEST_ENGINE": address, "WORKSHOP_TEST_ABOUT": str(about)},
                stdout=output,
                stderr=output,
                check=False,
            )
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        return Result(
            combination=combination, status=None, bad=(str(error),), seconds=time.monotonic() - began
        )
    return _result(combination, done.returncode, report, time.monotonic() - began)


def _command(combination: Combination, source: Path, report: Path, options: Sequence[str]) -> list[str]:
    reports = "/reports"
    here = combination.way is Way.NAMED
    pytest = [
        *(
            sys.executable if here else "/venv/bin/python",
            "-m",
            "pytest",
            "-m",
            "engine and not slow",
            "-p",
            "no:cacheprovider",
        ),
        *("-o", "timeout=900", f"--junitxml={report if here else f'{reports}/{report.name}'}"),
        # Each worker starts an engine; with a single engine, each would find the others' containers.
        *(() if here else ("--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder")),
        *options,
    ]
    if here:
        return pytest
    # The shell is started in the folder, and the first program is one that reaps orphans.
    return inside(
        combination.suite.root,
        ["docker-init", "--", "sh", "-c", f'cd {SOURCE} && exec "$@"', "sh", *pytest],
        shared={source: SOURCE, report.parent: reports},
        user=USER if combination.way is Way.ROOTLESS else "root",
        environment={
            "PYTHONDEVMODE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "WORKSHOP_TEST_ABOUT": f"{reports}/{_about(report).name}",
        },
    )


def _about(report: Path) -> Path:
    """The path for a run's engine version and Python version, beside its report."""
    return report.with_suffix(".json")


def _result(combination: Combination, status: int, report: Path, seconds: float) -> Result:
    if not report.exists():
        return Result(combination=combination, status=status, bad=("pytest left no report",), seconds=seconds)
    suite = next(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - our own file
    about = _about(report)
    known = json.loads(about.read_text()) if about.exists() else {}
    cases = list(suite.iter("testcase"))
    bad = tuple(_name(case) for case in cases if _has(case, "failure", "error"))
    skipped = sum(_has(case, "skipped") for case in cases)
    return Result(
        combination=combination,
        status=status,
        engine=known.get("engine", "?"),
        python=known.get("python", "?"),
        passed=len(cases) - skipped - len(set(bad)),
        skipped=skipped,
        bad=bad,
        seconds=seconds,
    )


def _has(case: ET.Element, *kinds: str) -> bool:
    return any(case.find(kind) is not None for kind in kinds)


def _name(case: ET.Element) -> str:
    return f"{case.get('classname', '').removeprefix('tests.')}::{case.get('name')}"


def _mark(result: Result) -> str:
    return "" if result.good else "  <-- not good"


def table(results: Sequence[Result]) -> Iterator[str]:
    """The results as lines of text, with the failures below."""
    yield f"{'suite':<9} {'way':<9} {'engine':<42} {'python':<8} {'passed':>6} {'skipped':>7} {'bad':>4} {'seconds':>8}"
    for result in results:
        suite, way = result.combination.suite.name, result.combination.way
        counts = f"{result.passed:>6} {result.skipped:>7} {len(result.bad):>4} {result.seconds:>8.0f}"
        yield f"{suite:<9} {way:<9} {result.engine:<42} {result.python:<8} {counts}{_mark(result)}"
    for result in results:
        for name in result.bad:
            yield f"{result.combination.name}: {name}"
