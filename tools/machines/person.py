"""A person with an account and a checkout on a machine, who uses the workshop's app and commands."""

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from tools.machines.machine import Done, Machine
from tools.machines.steps import Wrong
from tools.machines.terminal import ScreenError, Terminal

FOLDER = "seccomp-workshop"
SETUP_SECONDS = 3600.0
SCREEN_SECONDS = 600.0
_BUSY = "◌"
_STATUS = "; echo status-$?"
_PASTED = "\x1b[?2004l"
"""The shell's end of bracketed paste."""


@dataclass(frozen=True, slots=True)
class Person:
    """The user `account` of a machine."""

    machine: Machine
    account: str

    @property
    def home(self) -> str:
        return "/root" if self.account == "root" else f"/home/{self.account}"

    def check_out(self, source: Path) -> None:
        """Give them the checkout `source`."""
        self.machine.put(self.account, source, FOLDER)

    def workshop(self, words: str, *, seconds: float = SCREEN_SECONDS) -> Done:
        """Run `workshop WORDS` in the checkout."""
        return self.machine.run(self.account, f"cd {FOLDER} && .venv/bin/workshop {words}", seconds=seconds)

    def passed(self, lab: str) -> list[str]:
        """The checks of a lab that have passed, by `workshop progress`."""
        shown = self.workshop("progress --json").output
        labs = json.loads(shown[shown.index("{") :])["workshops"][0]["labs"]
        checks = next(one["checks"] for one in labs if one["id"] == lab)
        return sorted(name for name, passed in checks.items() if passed)

    def at_prompt(self) -> Terminal:
        """A terminal with their shell in the checkout, ready for a command."""
        terminal = Terminal(self.machine.ssh(self.account, "-tt"))
        try:
            terminal.sees("#" if self.account == "root" else "$", seconds=SCREEN_SECONDS)
            terminal.type(f"cd {FOLDER} && clear && echo here-$((1 + 1))\r")
            terminal.sees("here-2", seconds=SCREEN_SECONDS)
        except ScreenError:
            terminal.close()
            raise
        return terminal


def run(terminal: Terminal, command: str) -> None:
    """Type a command that ends by printing its exit status."""
    terminal.type(f"{command}{_STATUS}")
    terminal.sees(_STATUS, seconds=SCREEN_SECONDS)
    terminal.forget()
    terminal.type("\r")


def said_before_app(terminal: Terminal) -> str:
    """The output of the command before the app appeared."""
    # The shell may print its line once more.
    said = (terminal.printed_before_app or "").rpartition(_STATUS)[2]
    return said.replace(_PASTED, "").replace("\r", "").strip()


def go_on(terminal: Terminal) -> None:
    """Press the space bar until a check has passed, each time after the last action has finished."""
    deadline = time.monotonic() + SCREEN_SECONDS
    while not _has_passed(screen := terminal.screen):
        if ended(screen) or time.monotonic() > deadline:
            raise ScreenError(f"no check has passed; the screen:\n{screen}")
        if _BUSY not in screen:
            terminal.type(" ")
        time.sleep(3)  # a person looks at the result of a key before pressing the next one


def answer(terminal: Terminal, question: str, key: str) -> None:
    """Answer a question that comes up by itself: a key that is pressed too soon after that is not taken."""
    terminal.sees(question, seconds=SCREEN_SECONDS)
    deadline = time.monotonic() + SCREEN_SECONDS
    while question in (screen := terminal.screen):
        if time.monotonic() > deadline:
            raise ScreenError(f"the question is not answered; the screen:\n{screen}")
        terminal.type(key)
        time.sleep(3)  # as in `go_on`


def leave(terminal: Terminal) -> None:
    """Press `q` until the shell is back, which must report success."""
    for _ in range(2):
        terminal.type("q")
        time.sleep(1)
    screen = terminal.sees(ended, seconds=SCREEN_SECONDS)
    if "status-0" not in screen:
        raise Wrong(f"it did not end with 0; the screen:\n{screen}")


def picker(screen: str) -> bool:
    """the list of labs"""
    return "q Quit" in screen and "1." in screen


def in_lab(screen: str) -> bool:
    """a lab with a shell"""
    return "your shell" in screen


def _has_passed(screen: str) -> bool:
    return re.search(r"checks [1-9][0-9]*/", screen) is not None


def ended(screen: str) -> bool:
    """the shell's prompt after the app's end"""
    # A key that the app did not read any more may precede it.
    return re.search(r"status-[0-9]", screen) is not None
