"""What somebody does on a fresh machine, step by step, and what must be so after each."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.machines import system
from tools.machines.machine import Machine, MachineError
from tools.machines.terminal import ScreenError, Terminal

_FOLDER = "seccomp-workshop"
_WORKSHOP = f"cd {_FOLDER} && .venv/bin/workshop"
_SETUP_SECONDS = 3600.0
_SCREEN_SECONDS = 600.0
_VERIFY_SECONDS = 5400.0
_SILENT = "nothing before the app"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario: what was found, in a line, and whether that is right."""

    name: str
    good: bool
    seconds: float
    found: str


class Wrong(Exception):
    """Something is not as it must be; the message says what it is like."""


@dataclass(slots=True)
class Scenario:
    """A learner with this account on this machine; `source` is the checkout that they have."""

    machine: Machine
    account: str
    source: Path
    say: Callable[[str], None]
    steps: list[Step] = field(default_factory=list)
    _network: str = ""
    _services: dict[str, str] = field(default_factory=dict)
    _first_seconds: float = 0.0

    def play(self) -> list[Step]:
        """Every step, also after one that failed: it says more."""
        for name, step in (
            ("first command, to the first lab and out", self._first_command),
            ("the system as before", self._system_as_before),
            ("second command", self._second_command),
            ("doctor", self._doctor),
            ("verify", self._verify),
            ("nothing left", self._nothing_left),
            ("reset in mid-lab", self._reset),
            ("the system's docker untouched", self._beside_docker),
            ("nothing left at the end", self._nothing_left),
        ):
            with self._step(name) as found:
                found.append(step())
        return self.steps

    @contextmanager
    def _step(self, name: str) -> Iterator[list[str]]:
        began, found, good = time.monotonic(), list[str](), True
        try:
            yield found
        except (Wrong, MachineError, ScreenError, OSError, ValueError, LookupError) as error:
            found, good = [f"{type(error).__name__}: {error}"], False
        self.steps.append(Step(name, good, time.monotonic() - began, found[0]))
        self.say(f"  {'ok ' if good else 'BAD'} {name}: {found[0]} ({self.steps[-1].seconds:.0f} s)")

    def _shell(self) -> Terminal:
        return Terminal(self.machine.ssh(self.account, "-tt"))

    def _first_command(self) -> str:
        self.machine.put(self.account, self.source, _FOLDER)
        self._network = system.untouched(self.machine, docker=False)
        self._services = system.services(self.machine)
        with self._shell() as terminal:
            terminal.sees("$" if self.account != "root" else "#", seconds=_SCREEN_SECONDS)
            began = time.monotonic()
            terminal.type(f"cd {_FOLDER} && make workshop; echo status-$?\r")
            terminal.sees(_picker, seconds=_SETUP_SECONDS)
            self._first_seconds = time.monotonic() - began
            self._into_the_first_lab(terminal)
            self._out(terminal)
        return f"the app after {self._first_seconds:.0f} s, a container in the first lab"

    def _into_the_first_lab(self, terminal: Terminal) -> None:
        """Open it, and go on with the space bar until its container is there and a check has passed."""
        terminal.type("\r")
        terminal.sees(lambda screen: "your shell" in screen, seconds=_SCREEN_SECONDS)
        deadline = time.monotonic() + _SCREEN_SECONDS
        while not _passed(screen := terminal.screen):
            if time.monotonic() > deadline:
                raise ScreenError(f"no check has passed; the screen:\n{screen}")
            terminal.type(" ")
            time.sleep(2)  # a person looks at what comes of a key before the next one

    def _out(self, terminal: Terminal) -> None:
        for _ in range(2):
            terminal.type("q")
            time.sleep(1)
        screen = terminal.sees(_ended, seconds=_SCREEN_SECONDS)
        if "status-0" not in screen:
            raise Wrong(f"it did not end with 0; the screen:\n{screen}")

    def _system_as_before(self) -> str:
        changed = [
            *_difference(self._network, system.untouched(self.machine, docker=False)),
            *_changes(self._services, system.services(self.machine)),
        ]
        if changed:
            raise Wrong(" | ".join(changed))
        return "services, network and firewall"

    def _second_command(self) -> str:
        with self._shell() as terminal:
            terminal.sees("$" if self.account != "root" else "#", seconds=_SCREEN_SECONDS)
            terminal.type(f"cd {_FOLDER} && clear\r")
            time.sleep(2)
            terminal.type("make workshop; echo status-$?")
            terminal.sees("status-$?", seconds=_SCREEN_SECONDS)
            terminal.forget()
            terminal.type("\r")
            began = time.monotonic()
            terminal.sees(_picker, seconds=_SCREEN_SECONDS)
            seconds = time.monotonic() - began
            said = (terminal.printed_before_app or "").replace("\x1b[?2004l", "").strip()
            self._out(terminal)
        if said:
            raise Wrong(f"it said: {said}")
        if seconds > self._first_seconds / 3:
            raise Wrong(
                f"the app came after {seconds:.0f} s, and the first time after {self._first_seconds:.0f} s"
            )
        return f"{_SILENT}, which came after {seconds:.1f} s"

    def _doctor(self) -> str:
        done = self.machine.run(self.account, f"{_WORKSHOP} doctor --json")
        found = json.loads(done.output[done.output.index("{") :])
        used = [one for one in found["candidates"] if one["used"]]
        problems = [f"{one['name']}: {one['detail']}" for one in found["findings"] if one["level"] != "ok"]
        if done.status != 0 or not used:
            raise Wrong("; ".join(problems) or done.output)
        return "; ".join([f"{used[0]['source']}: {used[0]['reason']}", *problems])

    def _verify(self) -> str:
        done = self.machine.run(self.account, f"{_WORKSHOP} verify", seconds=_VERIFY_SECONDS)
        if done.status != 0:
            raise Wrong(done.output.strip()[-3000:])
        if noise := [line for line in done.output.splitlines() if "Traceback" in line or "Warning" in line]:
            raise Wrong("; ".join(noise))
        return done.output.strip().splitlines()[-1]

    def _nothing_left(self) -> str:
        deadline = time.monotonic() + 120
        while left := system.left_behind(self.machine):
            if time.monotonic() > deadline:
                raise Wrong(left.replace("\n", " | "))
            time.sleep(3)
        return "no process, mount, control group or socket"

    def _reset(self) -> str:
        with self._shell() as terminal:
            terminal.sees("$" if self.account != "root" else "#", seconds=_SCREEN_SECONDS)
            terminal.type(f"{_WORKSHOP} run labs/seccomp deny; echo status-$?\r")
            terminal.sees(lambda screen: "your shell" in screen, seconds=_SCREEN_SECONDS)
            self._until_a_check_has_passed(terminal, "deny")
            before = self._checks("deny")
            self.machine.reset()
        after = self._checks("deny")
        if not before or after != before:
            raise Wrong(f"passed before: {before}, after: {after}")
        cleaned = self.machine.ask(self.account, f"{_WORKSHOP} clean", seconds=_SCREEN_SECONDS)
        with self._shell() as terminal:
            terminal.sees("$" if self.account != "root" else "#", seconds=_SCREEN_SECONDS)
            terminal.type(f"{_WORKSHOP} run labs/seccomp deny; echo status-$?\r")
            terminal.sees(lambda screen: "your shell" in screen and _passed(screen), seconds=_SCREEN_SECONDS)
            self._out(terminal)
        return f"{len(before)} checks kept; {cleaned.strip().splitlines()[-1]}"

    def _until_a_check_has_passed(self, terminal: Terminal, lab: str) -> None:
        deadline = time.monotonic() + _SCREEN_SECONDS
        while not self._checks(lab):
            if time.monotonic() > deadline:
                raise ScreenError(f"no check has passed; the screen:\n{terminal.screen}")
            terminal.type(" ")
            time.sleep(3)

    def _checks(self, lab: str) -> list[str]:
        """The checks of a lab that have passed, as `workshop progress` knows."""
        shown = self.machine.ask(self.account, f"{_WORKSHOP} progress --json")
        labs = json.loads(shown[shown.index("{") :])["workshops"][0]["labs"]
        checks = next(one["checks"] for one in labs if one["id"] == lab)
        return sorted(name for name, passed in checks.items() if passed)

    def _beside_docker(self) -> str:
        home = "/root" if self.account == "root" else f"/home/{self.account}"
        archive = self.machine.ask("root", f"ls {home}/.cache/seccomp-workshop/lab-*.tar | head -1").strip()
        system.start_system_docker(self.machine, archive)
        before, ran = system.untouched(self.machine, docker=True), system.services(self.machine)
        done = self.machine.run(
            self.account, f"{_WORKSHOP} verify --lab check --lab deny", seconds=_VERIFY_SECONDS
        )
        doctor = self.machine.run(self.account, f"{_WORKSHOP} doctor --fix --quiet")
        changed = [
            *_difference(before, system.untouched(self.machine, docker=True)),
            *_changes(ran, system.services(self.machine)),
        ]
        system.stop_system_docker(self.machine)
        if changed:
            raise Wrong(" | ".join(changed))
        if done.status or doctor.status:
            raise Wrong(f"{done.output.strip()[-2000:]}\n{doctor.output}")
        return f"containers, images, firewall and services as before; {done.output.strip().splitlines()[-1]}"


def _picker(screen: str) -> bool:
    """the list of labs"""
    return "q Quit" in screen and "1." in screen


def _passed(screen: str) -> bool:
    return re.search(r"checks [1-9][0-9]*/", screen) is not None


def _ended(screen: str) -> bool:
    """the shell's prompt after the app's end"""
    return any(line.startswith("status-") for line in screen.splitlines())


def _difference(before: str, after: str) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    return [
        *(f"- {line}" for line in old if line not in new),
        *(f"+ {line}" for line in new if line not in old),
    ]


def _changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [f"{unit}: {before[unit]} -> {now}" for unit, now in after.items() if now != before[unit]]
