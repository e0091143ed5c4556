"""The names under which a learner's `docker` finds a stage's containers."""

import re
import secrets
from pathlib import Path

from runner.engine.shim import rename

_USABLE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


class ContainerNames:
    """Names that were taken on the engine, each with the one that its container has got instead.

    `folder` is the one that the shim was written for. Those of a fork go before those of the stage it was made from.
    """

    def __init__(self, folder: Path, *, outer: "ContainerNames | None" = None) -> None:
        self._folder = folder
        self._outer = outer
        self._others: dict[str, str] = {}

    def fork(self) -> "ContainerNames":
        """The names of a stage whose shells have the same shim."""
        return ContainerNames(self._folder, outer=self)

    @staticmethod
    def wanted(name: str) -> str:
        """The name to ask the engine for; "" if it would not take it."""
        return name if _USABLE.fullmatch(name) else ""

    def another(self, name: str) -> str:
        """A name that is not taken, by which `docker` finds what the lab calls `name`."""
        self._others[name] = f"{name}-{secrets.token_hex(3)}"
        self._write()
        return self._others[name]

    def forget(self, *names: str) -> None:
        """These containers have gone."""
        known = [name for name in names if self._others.pop(name, "")]
        if known:
            self._write()

    def _all(self) -> dict[str, str]:
        return {**(self._outer._all() if self._outer else {}), **self._others}  # noqa: SLF001 (its own kind)

    def _write(self) -> None:
        rename(self._folder, self._all())
