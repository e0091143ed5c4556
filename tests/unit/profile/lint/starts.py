"""Measured starts of small profiles by real runtimes: a static program started by runc on x86-64, kernel 6.18.

The container had the default capabilities; 1.1.5, 1.1.15 and 1.3.6 are Debian 12's, 13's and unstable's, with
libseccomp 2.5.4, 2.6.0 and 2.6.1. Failures were tried twice. Debian's 1.1.15 and 1.3.6 know LOONGARCH64 through a
change by Debian, so these two are left out.
"""

import json
from dataclasses import dataclass
from pathlib import Path

_ROWS = Path(__file__).with_name("starts.jsonl").read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Start:
    """A profile's JSON text, and the releases of runc that start a container with it and that do not.

    Those with `engine` are tried on the engine of the tests too.
    """

    name: str
    profile: str
    starts: tuple[str, ...]
    fails: tuple[str, ...]
    engine: bool

    def __str__(self) -> str:
        return self.name


def _start(row: str) -> Start:
    read = json.loads(row)
    text = json.dumps(read["profile"])
    return Start(read["name"], text, tuple(read["starts"]), tuple(read["fails"]), read.get("engine", False))


STARTS = tuple(_start(row) for row in _ROWS)
