"""Starting the private engine's supervisor, once for all processes that want one at the same time."""

import fcntl
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import runner
from runner.engine.api import EngineTimeout
from runner.engine.private import user_scope
from runner.engine.private.control import locks
from runner.engine.private.failures import TOO_SLOW
from runner.engine.private.places import Places
from runner.errors import EngineError
from runner.language import in_use, tr

AGAIN = "run `workshop engine stop`, then try again"
_ATTEMPTS = 3
"""A start that was slow, since its programs had to be read from disk, is faster the next time."""


def launch(places: Places, deadline: float) -> None:
    """Start a supervisor that outlives us, in its own cgroup if this user can have one; `deadline` is monotonic.

    Raises:
        EngineError: the supervisor reports an error.
        EngineTimeout: it reports nothing; it is asked to end.
    """
    package = Path(runner.__file__).parent.parent
    search = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH", "")]))
    command = [
        *(sys.executable, "-m", "runner.engine.private.supervisor"),
        *("--language", in_use(), "--data", str(places.data), "--runtime", str(places.runtime)),
    ]
    environment = os.environ | {"PYTHONPATH": search}
    log = places.runtime / "supervisor.log"
    log.unlink(missing_ok=True)
    for _ in range(_ATTEMPTS):
        answer: dict[str, Any] = {}
        if os.geteuid() and not user_scope.obstacle():
            scoped, variables = user_scope.scoped(command), user_scope.variables()
            answer = _ask(scoped, environment | variables, log, deadline)
        # A supervisor always reports something; only a systemd that fails to start one is silent.
        answer = answer or _ask(command, environment, log, deadline)
        if TOO_SLOW not in answer.get("error", "") or time.monotonic() > deadline:
            break
    if "ready" not in answer:
        raise EngineError(
            answer.get("error") or tr("the private engine's supervisor ended at once"),
            remedy=answer.get("remedy") or tr("see {path}", path=log),
        )


def _ask(command: list[str], environment: Mapping[str, str], log: Path, deadline: float) -> dict[str, Any]:
    """Start a supervisor and wait for its first line; empty if it ends without one."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,
            cwd="/",
            env=environment,
        )
    try:
        return _first_line(child, deadline)
    except BaseException:
        child.terminate()
        raise
    finally:
        # The supervisor goes on by itself, so suppress the warning that it was not waited for.
        child.returncode = 0


def _first_line(child: "subprocess.Popen[bytes]", deadline: float) -> dict[str, Any]:
    """The supervisor's first message; empty if it ends without one, or something else was printed."""
    assert child.stdout is not None
    with child.stdout as pipe:
        # A line fits into a pipe's atomic write, so a readable pipe has all of it.
        if not select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise EngineTimeout(
                tr("the private engine's supervisor did not answer in time"), remedy=tr(AGAIN)
            )
        said = pipe.readline()
    try:
        found = json.loads(said)
    except ValueError:
        found = None  # such as what a program around it prints
    return found if isinstance(found, dict) else {}


@contextmanager
def start_lock(places: Places, deadline: float) -> Iterator[None]:
    """Hold the lock for starting an engine; the kernel frees it when its holder dies.

    Raises:
        EngineTimeout: another process holds it until `deadline`, a monotonic time.
    """
    with places.start_lock.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise _started_for_too_long(places) from None
                time.sleep(0.02)
        yield


def _started_for_too_long(places: Places) -> EngineTimeout:
    pids = " ".join(map(str, locks.holders(places.start_lock)))
    if not pids:
        return EngineTimeout(
            tr("another process has been starting the private engine for too long"),
            remedy=tr("try again once that one has ended"),
        )
    return EngineTimeout(
        tr("another process ({pids}) has been starting the private engine for too long", pids=pids),
        remedy=tr("end it (`{command}`), then try again", command=f"kill {pids}"),
    )
