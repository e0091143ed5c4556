"""Installing the Debian packages that the doctor found missing."""

import os
import subprocess
from collections.abc import Callable, Sequence

from runner.engine.programs import find
from runner.errors import EngineError


def install_commands(packages: Sequence[str]) -> list[list[str]]:
    """The exact commands, through sudo for an ordinary user; none if nothing is to be installed.

    Raises:
        EngineError: this machine has no apt, or an ordinary user no sudo.
    """
    if not packages:
        return []
    if find("apt-get") is None:
        raise EngineError(
            f"cannot install {', '.join(packages)}: this machine has no apt-get",
            remedy="install Docker Engine with your distribution's tools, then run `workshop doctor` again",
        )
    prefix: list[str] = []
    if os.geteuid() != 0:
        if find("sudo") is None:
            raise EngineError(
                f"installing {', '.join(packages)} needs root, and there is no sudo",
                remedy=f"run as root: apt-get install --no-install-recommends {' '.join(packages)}",
            )
        prefix = ["sudo"]
    return [
        [*prefix, "apt-get", "update"],
        [*prefix, "apt-get", "install", "--yes", "--no-install-recommends", *packages],
    ]


def install(packages: Sequence[str], say: Callable[[str], None]) -> None:
    """Say each command, then run it on this terminal.

    Raises:
        EngineError: a command failed; what it printed has been shown.
    """
    commands = install_commands(packages)
    for command in commands:
        say("$ " + " ".join(command))
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, check=False, env=environment, stdout=2)  # our stdout is for data
        # Package lists that are partly out of reach may still do: the installation tells.
        if done.returncode != 0 and command is commands[-1]:
            raise EngineError(
                f"`{' '.join(command)}` failed with status {done.returncode}",
                remedy="mend what it printed, then run `workshop doctor --fix` again",
            )
