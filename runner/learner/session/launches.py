"""The containers of a step: those it needs, and those the learner launches by hand."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from runner.check.docker_run import docker_run
from runner.check.shell_line import parts
from runner.errors import WorkshopError
from runner.lab.model.check import TranscriptProbe, container_of
from runner.lab.model.workshop import HOST, ContainerBlock, Step
from runner.pace import MACHINE
from runner.shell.recorder import CommandFinished

_LISTED_SECONDS = 5.0
"""Seconds that an engine may take to list a container as running after its program has begun."""
_LOOK_AGAIN_SECONDS = 0.1
_log = logging.getLogger(__name__)


def needed(step: Step) -> set[str]:
    """The names of the containers that a step uses and does not launch itself."""
    used = {console.target for console in step.consoles}
    for check in step.checks:
        used.add(
            check.probe.target if isinstance(check.probe, TranscriptProbe) else container_of(check.probe)
        )
    return used - {HOST, ""} - {block.name for block in step.containers}


class LaunchesByHand:
    """Notices containers of the lesson that the learner launches by typing their line.

    `block` finds a container of the lesson by its name; `adopt` takes over a running one, and returns whether the
    engine lists it. Both are called in this class's own threads.
    """

    def __init__(
        self,
        *,
        block: Callable[[str], ContainerBlock | None],
        adopt: Callable[[ContainerBlock], bool],
    ) -> None:
        self._block = block
        self._adopt = adopt
        self._seen: queue.SimpleQueue[CommandFinished | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="launches", daemon=True).start()

    def saw(self, finished: CommandFinished) -> None:
        """Note a finished command of the learner's shell, without waiting."""
        self._seen.put(finished)

    def close(self) -> None:
        """End, without waiting."""
        self._seen.put(None)

    def _run(self) -> None:
        while finished := self._seen.get():
            try:
                self._look_at(finished)
            except Exception:  # noqa: BLE001  # whatever it is, later commands are looked at; it is logged
                _log.exception("a typed command could not be looked at")

    def _look_at(self, finished: CommandFinished) -> None:
        """Take over what a line has launched: the container's own prompt ends it."""
        for part in parts(finished.command, finished.status, finished.output):
            line = docker_run(part.text)
            block = None if line is None else self._block(line.name)
            if block is not None:
                threading.Thread(target=self._take, args=(block,), name="adopt", daemon=True).start()

    def _take(self, block: ContainerBlock) -> None:
        # Its shell prompts before the engine lists it.
        deadline = time.monotonic() + MACHINE.stretched(_LISTED_SECONDS)
        with suppress(WorkshopError):
            while not self._adopt(block) and time.monotonic() < deadline:
                time.sleep(_LOOK_AGAIN_SECONDS)
