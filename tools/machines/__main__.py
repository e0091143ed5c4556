"""`python -m tools.machines`: try the workshop on fresh machines, and print the result of each step."""

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from runner.folders import cache_folder
from tools import registries
from tools.machines.image import DEBIAN, GUEST, KEYRING, UBUNTU, USER, Image
from tools.machines.machine import Machine, MachineError, booted
from tools.machines.person import Person
from tools.machines.scenario import Scenario
from tools.machines.steps import Step
from tools.machines.without_sudo import WithoutSudo

_SOURCE = Path(__file__).parents[2]
_ACCOUNTS = (USER, "root", GUEST)
_NEEDED = ("mmdebstrap", "mkfs.ext4", "qemu-system-x86_64", "ssh", "ssh-keygen")


def main() -> int:
    """Run the scenarios; returns the exit status, 0 if every step succeeded on every machine."""
    parser = argparse.ArgumentParser(prog="python -m tools.machines", description=__doc__)
    parser.add_argument(
        "--suite",
        action="append",
        choices=(*DEBIAN, *UBUNTU),
        help=f"only this suite (default: {' and '.join(DEBIAN)}); may be repeated",
    )
    parser.add_argument(
        "--ubuntu",
        metavar="ADDRESS",
        help="the mirror that Ubuntu's suites come from; they are not tried without one",
    )
    parser.add_argument(
        "--account", action="append", choices=_ACCOUNTS, help="only this account; may be repeated"
    )
    parser.add_argument(
        "--lab",
        action="append",
        default=[],
        help="verify only this lab, where each takes minutes; may be repeated",
    )
    parser.add_argument("--processors", type=int, default=2, help="how many each machine has")
    parser.add_argument(
        "--cache", type=Path, default=cache_folder() / "machines", help="where the disks are kept"
    )
    parser.add_argument("--json", type=Path, default=Path("machines.json"), help="where the results go")
    parser.add_argument("--build-only", action="store_true", help="make the disks, and try nothing")
    chosen = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("making the disks needs root")
    if absent := [name for name in _NEEDED if shutil.which(name) is None]:
        packages = "mmdebstrap e2fsprogs qemu-system-x86 openssh-client"
        parser.error(f"not installed: {', '.join(absent)} (apt-get install {packages})")
    suites = chosen.suite or [*DEBIAN, *(UBUNTU if chosen.ubuntu else ())]
    if ubuntu := sorted({*suites} & {*UBUNTU}):
        if not chosen.ubuntu:
            parser.error(f"{', '.join(ubuntu)}: name a mirror with --ubuntu")
        if not KEYRING.exists():
            parser.error(f"Ubuntu's keys are not at {KEYRING}: they are in its package ubuntu-keyring")
    results: dict[str, list[Step]] = {}
    for suite in suites:
        mirror = chosen.ubuntu if suite in UBUNTU else registries.mirror()
        image = Image(suite, chosen.cache.absolute(), mirror)
        image.build(_say)
        for account in () if chosen.build_only else chosen.account or _ACCOUNTS:
            results[f"{suite} {account}"] = _try(image, account, chosen.lab, chosen.processors)
            _write(chosen.json, results)
    print("\n".join(["", *_table(results)]))
    return 0 if all(step.good for steps in results.values() for step in steps) else 1


def _try(image: Image, account: str, labs: Sequence[str], processors: int) -> list[Step]:
    began = time.monotonic()
    _say(f"{image.suite}, {account}: booting")
    try:
        with booted(image, processors=processors) as machine:
            boot = Step("boot", good=True, seconds=time.monotonic() - began, found="it is up")
            _say(f"{image.suite}, {account}: up after {boot.seconds:.0f} s")
            return [boot, *_play(machine, account, labs)]
    except MachineError as error:
        return [Step("boot", good=False, seconds=time.monotonic() - began, found=str(error))]


def _play(machine: Machine, account: str, labs: Sequence[str]) -> list[Step]:
    if account == GUEST:
        machine.add_user(account)
        return WithoutSudo(Person(machine, account), _SOURCE, _say).play()
    return Scenario(Person(machine, account), _SOURCE, labs, _say).play()


def _write(path: Path, results: dict[str, list[Step]]) -> None:
    path.write_text(
        json.dumps({name: [asdict(step) for step in steps] for name, steps in results.items()}, indent=2)
    )


def _table(results: dict[str, list[Step]]) -> list[str]:
    rows = [f"{'machine':<20} {'step':<42} {'':<4} {'seconds':>7}  found"]
    for name, steps in results.items():
        for step in steps:
            found = step.found.strip().splitlines()[0][:100] if step.found.strip() else ""
            rows.append(
                f"{name:<20} {step.name:<42} {'ok' if step.good else 'BAD':<4} {step.seconds:>7.0f}  {found}"
            )
    return rows


def _say(line: str) -> None:
    print(line, flush=True)


sys.exit(main())
