"""Kills at random moments: of the program, the engine's supervisor, its daemon or a container's shim."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pexpect

from runner.content import LABS
from tools.soak.place import WORKSHOP, Place

VICTIMS = ("program", "supervisor", "daemon", "shim")
PROGRAMS = ("verify", "verify", "app")
_VERIFIED = ("check", "deny", "unconfined", "no-chmod", "custom")
_LATEST = 12.0
"""The time of the latest kill in seconds; verifying these labs takes about as long."""
_APPEARS = 60.0
_END_SECONDS = 240
_SHOWN = 2000
_VERIFY_CODES = {
    "program": {-signal.SIGKILL, 0},
    "supervisor": {0, 3},
    "daemon": {0, 3},
    "shim": {0, 3},
}
_QUIT = "\x11"


@dataclass(frozen=True)
class Kill:
    """A planned kill: `victim` of `program`, so many seconds after its start."""

    program: str
    victim: str
    after: float

    @classmethod
    def chosen(cls, chance: random.Random) -> "Kill":
        return cls(chance.choice(PROGRAMS), chance.choice(VICTIMS), chance.uniform(0.0, _LATEST))

    def __str__(self) -> str:
        return f"{self.program}, {self.victim} killed after {self.after:.2f} s"


def kill(place: Place, plan: Kill) -> tuple[float, str]:
    """Run the program and kill the victim; returns seconds and trouble. After `workshop clean`, nothing may be left."""
    began = time.monotonic()
    trouble = _verify(place, plan) if plan.program == "verify" else _app(place, plan)
    cleaned = subprocess.run(
        [*WORKSHOP, "clean"],
        check=False,
        capture_output=True,
        text=True,
        timeout=_END_SECONDS,
        env=place.environment,
    )
    if cleaned.returncode and not trouble:
        trouble = f"clean: exit {cleaned.returncode}: {cleaned.stderr[-_SHOWN:]}"
    return time.monotonic() - began, f"{plan}: {trouble}" if trouble else ""


def _verify(place: Place, plan: Kill) -> str:
    labs = [word for lab in _VERIFIED for word in ("--lab", lab)]
    process = subprocess.Popen(
        [*WORKSHOP, "verify", *labs],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=place.environment,
    )
    _strike(place, plan, process.pid)
    try:
        said = process.communicate(timeout=_END_SECONDS)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return f"verify did not end: {process.communicate()[0][-_SHOWN:]}"
    # A lab whose container disappears has a broken environment, and must not be reported as failed.
    broken = plan.victim == "shim" and process.returncode == 1 and "BROKEN" in said and "FAILED" not in said
    if process.returncode not in _VERIFY_CODES[plan.victim] and not broken:
        return f"exit {process.returncode}: {said[-_SHOWN:]}"
    return f"a traceback: {said[-_SHOWN:]}" if "Traceback" in said else ""


def _app(place: Place, plan: Kill) -> str:
    """Kill any part of the engine below the app: the app must stay up, and end properly on request."""
    command = [*WORKSHOP, "run", str(LABS / "seccomp"), "no-chmod"]
    app: pexpect.spawn[bytes] = pexpect.spawn(
        command[0], command[1:], env=dict(place.environment), dimensions=(24, 80), timeout=5
    )
    assert app.pid is not None
    screen = Path(place.folder, "screen")
    with screen.open("wb") as log:
        app.logfile_read = log
        _strike(place, plan, app.pid, meanwhile=lambda: _go_on(app))
        if plan.victim != "program":
            for _ in range(20):
                _read(app)
            if not app.isalive():
                return f"the app ended with status {app.exitstatus}: {screen.read_bytes()[-_SHOWN:]!r}"
            deadline = time.monotonic() + _END_SECONDS
            while app.isalive() and time.monotonic() < deadline:
                app.send(_QUIT)
                for _ in range(20):
                    _read(app)
        else:
            while app.isalive():
                _read(app)
    if app.isalive():
        app.kill(signal.SIGKILL)
        app.wait()
        return f"the app did not end: {screen.read_bytes()[-_SHOWN:]!r}"
    app.close()
    if plan.victim != "program" and app.exitstatus:
        return f"the app ended with status {app.exitstatus}: {screen.read_bytes()[-_SHOWN:]!r}"
    screen.unlink()
    return ""


def _go_on(app: "pexpect.spawn[bytes]") -> None:
    """Do what the lesson says next, so that the engine and then a container start."""
    app.send(" ")
    _read(app)


def _read(app: "pexpect.spawn[bytes]") -> None:
    """Read the app's output, or it would block."""
    with suppress(pexpect.TIMEOUT, pexpect.EOF):
        app.read_nonblocking(65536, timeout=0.1)


def _strike(place: Place, plan: Kill, program: int, *, meanwhile=lambda: time.sleep(0.05)) -> None:  # type: ignore[no-untyped-def]
    """Kill the victim at its moment, or as soon as it exists; never, if the program ends before, or it never exists."""
    until = time.monotonic() + plan.after
    while time.monotonic() < until and _lives(program):
        meanwhile()
    until += _APPEARS
    while time.monotonic() < until and _lives(program):
        victim = program if plan.victim == "program" else _find(place, plan.victim)
        if victim is not None:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            return
        meanwhile()


def _find(place: Place, victim: str) -> int | None:
    words = {"supervisor": "runner.engine.private.supervisor", "daemon": "dockerd", "shim": "containerd-shim"}
    found = [
        pid
        for pid, line in place.processes().items()
        if any(words[victim] in word for word in line[:3])
        and "docker-init" not in line[0]
        and "/bin/sh" not in line[0]
    ]
    return random.choice(found) if found else None  # noqa: S311 - nothing secret


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
