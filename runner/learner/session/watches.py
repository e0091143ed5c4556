"""The watched containers of a session."""

from typing import TYPE_CHECKING

from runner.engine.api import Container, EngineInfo
from runner.errors import WorkshopError
from runner.pace import MACHINE

if TYPE_CHECKING:
    from runner.learner.session.watching import Watching

_LEAVE_SECONDS = 40.0
"""Seconds that a watching may take to end while it is just beginning."""


class Watches:
    """The latest watching of each container.

    For the app's thread, with `close` for the thread that ends the session.
    """

    def __init__(self, info: EngineInfo) -> None:
        self._info = info
        self._watches: dict[str, Watching] = {}

    def watch(self, target: str, container: Container | None, profile: str) -> "Watching | None":
        """Watch a container, if it is not watched yet; None for none.

        A watching that ended by itself is not restarted.
        """
        from runner.learner.session.watching import Watching  # noqa: PLC0415 - slow to import, and few sessions watch

        before = self._watches.get(target)
        if before is not None and before.container is container and not before.stopped:
            return before
        if before is not None:
            before.end()
        if container is None:
            return None
        file = "" if profile == "unconfined" else profile
        watching = Watching(container, self._info, file=file, after=before)
        self._watches[target] = watching
        watching.begin()
        return watching

    def last(self, target: str) -> "Watching | None":
        """The last watching of a container."""
        return self._watches.get(target)

    def denies(self, container: Container, call: str) -> bool:
        """True if the profile that a container runs under denies a call with whatever arguments. Asks the engine."""
        from runner.trace.in_force import in_force  # noqa: PLC0415 - slow to import, and few sessions watch

        try:
            simulation = in_force(container.state(), self._info).simulation
            return not simulation.decide(simulation.call([call])).executed
        except (WorkshopError, OSError):
            return False

    def end(self) -> None:
        """Stop watching all containers, without waiting."""
        for watching in list(self._watches.values()):
            watching.end()

    def close(self) -> None:
        """Stop all watching, and wait until everything of it is removed."""
        self.end()
        for watching in list(self._watches.values()):
            watching.join(MACHINE.stretched(_LEAVE_SECONDS))
