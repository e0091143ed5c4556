"""A scenario on a fresh machine for a user who may install packages, with the expected state after each step."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.machines import classroom, system
from tools.machines.machine import Done
from tools.machines.person import (
    SCREEN_SECONDS,
    SETUP_SECONDS,
    Person,
    go_on,
    in_lab,
    leave,
    picker,
    run,
    said_before_app,
)
from tools.machines.steps import Step, Wrong, play

_VERIFY_SECONDS = 4 * 3600.0
_LEFT_SECONDS = 120.0
_BESIDE = ("check", "deny")
"""The labs that are verified beside the system's engine, if none are given."""


@dataclass(slots=True)
class Scenario:
    """A person on an unused machine; `source` is the checkout that they get.

    `labs` are the labs to verify; all if it is empty.
    """

    person: Person
    source: Path
    labs: Sequence[str]
    say: Callable[[str], None]
    _network: str = ""
    _services: dict[str, str] = field(default_factory=dict)
    _first_seconds: float = 0.0

    def play(self) -> list[Step]:
        """Play every step, and return the results."""
        return play(
            (
                ("first command, to the first lab and out", self._first_command),
                ("the system as before", self._system_as_before),
                ("second command", self._second_command),
                ("doctor", self._doctor),
                ("verify", self._verify),
                ("nothing left", self._nothing_left),
                ("reset in mid-lab", self._reset),
                ("ready for a class", lambda: classroom.prepare(self.person)),
                ("a class", lambda: classroom.hold(self.person)),
                ("nothing left of the class", self._nothing_left),
                ("a class that is hung up", lambda: classroom.hang_up(self.person)),
                ("nothing left of that class", self._nothing_left),
                ("the system's docker untouched", self._beside_docker),
                ("nothing left at the end", self._nothing_left),
            ),
            self.say,
        )

    def _first_command(self) -> str:
        self.person.check_out(self.source)
        self._network = system.untouched(self.person.machine, docker=False)
        self._services = system.services(self.person.machine)
        with self.person.at_prompt() as terminal:
            began = time.monotonic()
            run(terminal, "make workshop")
            terminal.sees(picker, seconds=SETUP_SECONDS)
            self._first_seconds = time.monotonic() - began
            terminal.type("\r")
            terminal.sees(in_lab, seconds=SCREEN_SECONDS)
            ready = time.monotonic() - began - self._first_seconds
            go_on(terminal)
            leave(terminal)
        return (
            f"the app after {self._first_seconds:.0f} s, an engine {ready:.0f} s later, then a check passed"
        )

    def _system_as_before(self) -> str:
        changed = [
            *_difference(self._network, system.untouched(self.person.machine, docker=False)),
            *_changes(self._services, system.services(self.person.machine)),
        ]
        if changed:
            raise Wrong(" | ".join(changed))
        return "services, network and firewall"

    def _second_command(self) -> str:
        with self.person.at_prompt() as terminal:
            began = time.monotonic()
            run(terminal, "make workshop")
            terminal.sees(picker, seconds=SCREEN_SECONDS)
            seconds = time.monotonic() - began
            said = said_before_app(terminal)
            leave(terminal)
        if said:
            raise Wrong(f"it said: {said}")
        if seconds > self._first_seconds / 3:
            raise Wrong(
                f"the app came after {seconds:.0f} s, and the first time after {self._first_seconds:.0f} s"
            )
        return f"nothing before the app, which came after {seconds:.1f} s"

    def _doctor(self) -> str:
        done = self.person.workshop("doctor --json")
        found = json.loads(done.output[done.output.index("{") :])
        used = [one for one in found["candidates"] if one["used"]]
        problems = [f"{one['name']}: {one['detail']}" for one in found["findings"] if one["level"] != "ok"]
        if done.status != 0 or not used:
            raise Wrong("; ".join(problems) or done.output)
        limits = [one["detail"] for one in found["findings"] if one["name"] == "limits"]
        return "; ".join([f"{used[0]['source']}: {used[0]['reason']}", *problems, *limits])

    def _verify(self) -> str:
        done = self._verified(self.labs)
        if done.status != 0:
            raise Wrong(done.output.strip()[-3000:])
        if noise := [line for line in done.output.splitlines() if "Traceback" in line or "Warning" in line]:
            raise Wrong("; ".join(noise))
        return done.output.strip().splitlines()[-1]

    def _verified(self, labs: Sequence[str]) -> Done:
        chosen = " ".join(f"--lab {lab}" for lab in labs)
        return self.person.workshop(f"verify {chosen}", seconds=_VERIFY_SECONDS)

    def _nothing_left(self) -> str:
        deadline = time.monotonic() + _LEFT_SECONDS
        while left := system.left_behind(self.person.machine):
            if time.monotonic() > deadline:
                raise Wrong(left.replace("\n", " | "))
            time.sleep(3)
        return "no process, mount, control group or socket"

    def _reset(self) -> str:
        again = ".venv/bin/workshop run labs/seccomp deny"
        with self.person.at_prompt() as terminal:
            run(terminal, again)
            terminal.sees(in_lab, seconds=SCREEN_SECONDS)
            go_on(terminal)
            before = self.person.passed("deny")
            self.person.machine.reset()
        after = self.person.passed("deny")
        if not before or after != before:
            raise Wrong(f"passed before: {before}, after: {after}")
        cleaned = self.person.workshop("clean")
        if cleaned.status != 0:
            raise Wrong(f"`workshop clean`: {cleaned.output}")
        with self.person.at_prompt() as terminal:
            run(terminal, again)
            terminal.sees(in_lab, seconds=SCREEN_SECONDS)
            go_on(terminal)
            leave(terminal)
        return f"{len(before)} checks kept; {cleaned.output.strip().splitlines()[-1]}"

    def _beside_docker(self) -> str:
        machine = self.person.machine
        archives = f"{self.person.home}/.cache/seccomp-workshop/lab-*.tar"
        system.start_system_docker(machine, machine.ask("root", f"ls {archives} | head -1").strip())
        before, ran = system.untouched(machine, docker=True), system.services(machine)
        done = self._verified(self.labs[:1] or _BESIDE)
        doctor = self.person.workshop("doctor --fix --quiet")
        changed = [
            *_difference(before, system.untouched(machine, docker=True)),
            *_changes(ran, system.services(machine)),
        ]
        system.stop_system_docker(machine)
        if changed:
            raise Wrong(" | ".join(changed))
        if done.status or doctor.status:
            raise Wrong(f"{done.output.strip()[-2000:]}\n{doctor.output}")
        return f"containers, images, firewall and services as before; {done.output.strip().splitlines()[-1]}"


def _difference(before: str, after: str) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    return [
        *(f"- {line}" for line in old if line not in new),
        *(f"+ {line}" for line in new if line not in old),
    ]


def _changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [f"{unit}: {before[unit]} -> {now}" for unit, now in after.items() if now != before[unit]]
