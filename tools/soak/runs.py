"""Runs that must pass each time: whole verifications, and the test suite of the app."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from runner.engine.docker.launching import AGAIN
from tools.soak.place import WORKSHOP, Place

_VERIFY_SECONDS = 900
_SUITE_SECONDS = 1800
_SHOWN = 4000


def verification(place: Place) -> tuple[float, str]:
    """Seconds and trouble of one verification of all labs, from a cold engine to a cold engine."""
    return _run(place, [*WORKSHOP, "verify"], _VERIFY_SECONDS)


def suite(place: Place) -> tuple[float, str]:
    """Seconds and trouble of one run of all tests of the app."""
    command = [sys.executable, "-m", "pytest", "tests/tui", "-q", "-p", "no:cacheprovider"]
    return _run(place, [*command, f"--basetemp={place.folder}/pytest"], _SUITE_SECONDS)


def _run(place: Place, command: Sequence[str], seconds: float) -> tuple[float, str]:
    began = time.monotonic()
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            env=place.environment,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired as error:
        text = error.stdout.decode(errors="replace") if isinstance(error.stdout, bytes) else str(error.stdout)
        return time.monotonic() - began, f"not done after {seconds} s: {text[-_SHOWN:]}"
    for line in done.stdout.splitlines():
        if line.endswith(AGAIN):
            print(f"        {line}", flush=True)  # no failure, but worth knowing
    trouble = "" if done.returncode == 0 else f"exit {done.returncode}: {done.stdout[-_SHOWN:]}"
    return time.monotonic() - began, trouble
