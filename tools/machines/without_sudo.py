"""A scenario on a fresh machine for a user without sudo, until an administrator runs one command for them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ExitCode
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

_END_OF_INPUT = "\x04"
_QUESTION = "password for"
"""sudo's prompt for a password."""
_ASKED = "ask one to run, once:"


@dataclass(slots=True)
class WithoutSudo:
    """A person without sudo on an unused machine; `source` is the checkout that they get."""

    person: Person
    source: Path
    say: Callable[[str], None]
    _command: str = ""

    def play(self) -> list[Step]:
        """Play every step, and return the results."""
        return play(
            (
                ("first command, to the lessons and out", self._lessons),
                ("the same again, without a question", self._again),
                ("what needs no engine", self._without_engine),
                ("the administrator's command", self._administrator),
                ("first command again, to the first lab and out", self._first_lab),
            ),
            self.say,
        )

    def _lessons(self) -> str:
        self.person.check_out(self.source)
        with self.person.at_prompt() as terminal:
            run(terminal, "make workshop")
            terminal.sees(_QUESTION, seconds=SETUP_SECONDS)
            terminal.type(_END_OF_INPUT)
            terminal.sees(picker, seconds=SETUP_SECONDS)
            said = said_before_app(terminal)
            terminal.type("\r")
            terminal.sees("Ask the kernel", seconds=SCREEN_SECONDS)
            leave(terminal)
        lines = said.splitlines()
        place = next((number for number, line in enumerate(lines) if _ASKED in line), None)
        if place is None:
            raise Wrong(f"no command for an administrator: {said}")
        self._command = lines[place + 1].strip()
        return f"the lessons, and: {self._command}"

    def _again(self) -> str:
        with self.person.at_prompt() as terminal:
            run(terminal, "make workshop")
            terminal.sees(lambda screen: picker(screen) or _QUESTION in screen, seconds=SCREEN_SECONDS)
            said = said_before_app(terminal)
            leave(terminal)
        if _QUESTION in said or self._command not in said:
            raise Wrong(f"it said: {said}")
        return "the lessons, and the command"

    def _without_engine(self) -> str:
        wanted = {
            "lint labs/seccomp": ExitCode.OK,
            "profile lint default": ExitCode.OK,
            "profile simulate default 'mkdir(\"/x\", 0755)'": ExitCode.OK,
            "doctor": ExitCode.ENGINE,
            "verify --lab check": ExitCode.ENGINE,
        }
        for words, status in wanted.items():
            done = self.person.workshop(words)
            if done.status != status:
                raise Wrong(
                    f"`workshop {words}` ended with {done.status}, not {status:d}: {done.output[-1000:]}"
                )
            if "Traceback" in done.output:
                raise Wrong(f"`workshop {words}`: {done.output[-1000:]}")
        return f"{len(wanted)} commands end as they should"

    def _administrator(self) -> str:
        unattended = f"export DEBIAN_FRONTEND=noninteractive; yes | ({self._command})"
        self.person.machine.ask("root", unattended, seconds=SETUP_SECONDS)
        return "it ended well"

    def _first_lab(self) -> str:
        with self.person.at_prompt() as terminal:
            run(terminal, "make workshop")
            terminal.sees(picker, seconds=SETUP_SECONDS)
            terminal.type("\r")
            terminal.sees(in_lab, seconds=SCREEN_SECONDS)
            go_on(terminal)
            leave(terminal)
        return "a check passed"
