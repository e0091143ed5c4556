"""The names under which a learner's `docker` finds a stage's containers."""

import re
import secrets
from pathlib import Path

from runner.engine.shim import rename

_USABLE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


class ContainerNames:
    """Names that were taken on the engine, each with the name that its container has instead.

    `folder` is the shim's. Names of a fork take precedence over those of the stage that it was made from.
    """

    def __init__(self, folder: Path, *, outer: "ContainerNames | None" = None) -> None:
        self._folder = folder
        self._outer = outer
        self._others: dict[str, str] = {}

    def fork(self) -> "ContainerNames":
        """The names for a fork, whose shells have the same shim."""
        return ContainerNames(self._folder, outer=self)

    @staticmethod
    def wanted(name: str) -> str:
        """The name to ask the engine for; "" if the engine would refuse it."""
        return name if _USABLE.fullmatch(name) else ""

    def another(self, name: str) -> str:
        """A free name, by which `docker` finds the container that the lab calls `name`."""
        self._others[name] = f"{name}-{secrets.token_hex(3)}"
        self._write()
        return self._others[name]

    def on_engine(self, name: str) -> str:
        """The name that the engine has for the container that the lab calls `name`."""
        return self._all().get(name, name)

    def forget(self, *names: str) -> None:
        """Forget containers that are gone."""
        known = [name for name in names if self._others.pop(name, "")]
        if known:
            self._write()

    def _all(self) -> dict[str, str]:
        return {**(self._outer._all() if self._outer else {}), **self._others}  # noqa: SLF001 (its own kind)

    def _write(self) -> None:
        rename(self._folder, self._all())
