"""Fixes what the doctor found, as root or through sudo: installs packages without starting their services."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.engine.doctor import memory
from runner.engine.doctor.findings import Fixes
from runner.engine.packaging import packages_for
from runner.engine.programs import find
from runner.errors import EngineError

_SCRIPT = Path(__file__).with_name("install_packages.sh")


def fix(fixes: Fixes, say: Callable[[str], None], *, again: bool = True) -> None:
    """Print each command, then run it on this terminal.

    Unless `again` is true, a user whom sudo once refused the same command is not asked for a password.

    Raises:
        EngineError: there is no apt, the user may not use sudo, or a command failed; the remedy is one command for an
        administrator if one is needed.
    """
    if fixes.programs and find("apt-get") is None:
        raise EngineError(
            f"cannot install {', '.join(fixes.programs)}: this machine has no apt-get",
            remedy="install Docker Engine with your distribution's tools, then run `workshop doctor` again",
        )
    prefix = _become_root(fixes, say, again=again)
    if fixes.programs:
        # Some sources may be out of reach and the lists still suffice: the installation shows.
        _run([*prefix, "apt-get", "update"], say, needed=False)
        packages = packages_for(fixes.programs)
        say(f"Installing {', '.join(packages)}; no service of theirs is started or enabled")
        _run([*prefix, "sh", str(_SCRIPT), *packages], say)
    for command in fixes.commands:
        _run([*prefix, *command], say)


def for_administrator(fixes: Fixes) -> str:
    """One line for root's shell with the same effect, except that services start as in Debian's packages."""
    commands: list[Sequence[str]] = [*fixes.commands]
    if packages := packages_for(fixes.programs):
        # A new machine's own updates may hold apt's lock for minutes.
        options = ["--option", "DPkg::Lock::Timeout=600", "--no-install-recommends"]
        install = ["apt-get", "install", *options, *packages]
        commands = [install, *commands]
    line = " && ".join(shlex.join(command) for command in commands)
    # It waits for no lock, and the lists may suffice without it: the installation shows.
    return f"apt-get update; {line}" if packages else line


def _become_root(fixes: Fixes, say: Callable[[str], None], *, again: bool) -> list[str]:
    """Return the prefix of commands for root.

    Raises:
        EngineError: this user may not become root.
    """
    if os.geteuid() == 0:
        return []
    command = for_administrator(fixes)
    asks = ""
    if find("sudo"):
        if _sudo("-n", "true", stderr=subprocess.DEVNULL):
            return ["sudo"]
        if not again and memory.refused(command):
            asks = "\n(`workshop doctor --fix` asks for your password again)"
        elif sys.stdin.isatty():
            say(
                "Packages of your system are missing: sudo may ask for your password. Press Ctrl+D if you have no sudo."
            )
            if _sudo("true"):
                return ["sudo"]
            memory.note_refusal(command)
    raise EngineError(
        "only an administrator can install the missing parts, and this user is not one",
        remedy=f"ask one to run, once:\n    {command}{asks}",
    )


def _sudo(*words: str, stderr: int | None = None) -> bool:
    return subprocess.run(["sudo", *words], check=False, stdout=2, stderr=stderr).returncode == 0


def _run(command: list[str], say: Callable[[str], None], *, needed: bool = True) -> None:
    say("$ " + shlex.join(command))
    done = subprocess.run(command, check=False, stdout=2)  # our stdout is for data
    if needed and done.returncode != 0:
        raise EngineError(
            f"`{shlex.join(command)}` failed with status {done.returncode}",
            remedy="fix the problem that it printed, then run `workshop doctor --fix` again",
        )
