"""Starts a program as root without power over the machine: in its own user, mount, process and net namespaces."""

import errno
import fcntl
import json
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO, NoReturn

from runner.engine.private.linux import (
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    MS_PRIVATE,
    MS_REC,
    die_with_parent,
    mount,
    unshare,
)
from runner.errors import EngineError

_OWN = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
_READY = b"\n"
"""The child's message that it waits for its ids."""
_FORBIDDEN = (
    "root may not do that here, as in most containers: start the container with `docker run --privileged`, or run "
    "the workshop outside of it"
)


class Enclosed:
    """The first process of the namespaces: all others in them end with it, and it ends with its parent."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self._wait(os.WNOHANG)

    def wait(self) -> int:
        """Wait for its end, and return its exit status."""
        status = self._wait(0)
        assert status is not None
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def resume(self) -> None:
        """Tell it that it continues, as after a stop."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it, and everything in its namespaces."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _wait(self, options: int) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status


def start(
    command: list[str],
    *,
    ids: str,
    arrange: Callable[[], None],
    settle: Callable[[], None],
    environment: Mapping[str, str],
    descriptors: Mapping[int, int],
    own_groups: bool = False,
) -> Enclosed:
    """Execute `command` as the root of its own user namespace, after `arrange` has arranged the mounts as real root.

    `ids` is the content of its `uid_map` and `gid_map`. `settle` runs in the new process before the command, without
    real root's power. `descriptors` maps its descriptors to those of this process. With `own_groups`, the control
    groups that `arrange` has put it in look to it like the root of the hierarchy.

    The caller must have one thread and no other children: later ones would be in the same process namespace.

    Raises:
        EngineError: a namespace or a mount cannot be created.
    """
    said, say = os.pipe()
    mapped, map_now = os.pipe()
    try:
        unshare(CLONE_NEWPID)
        pid = os.fork()
    except OSError as error:
        raise _failure(f"cannot make namespaces: {error}") from error
    if not pid:
        inherited = {0: os.open(os.devnull, os.O_RDONLY)} | dict(descriptors)
        own = _OWN | (CLONE_NEWCGROUP if own_groups else 0)
        _become(command, arrange, settle, environment, inherited, own=own, say=say, mapped=mapped)
    os.close(say)
    os.close(mapped)
    child = Enclosed(pid)
    with os.fdopen(said, "rb") as words, os.fdopen(map_now, "wb", buffering=0) as go_on:
        try:
            trouble = _map_ids(pid, ids, words, go_on)
        except BaseException:
            # Nobody has the process yet who would wait for its end.
            child.kill()
            child.wait()
            raise
    if trouble:
        child.wait()
        raise _failure(json.loads(trouble))
    return child


def _map_ids(pid: int, ids: str, words: BinaryIO, go_on: RawIOBase) -> bytes:
    """Map the child's ids when it waits for them; return its error message, b"" if there is none."""
    trouble = words.read(1)
    if trouble == _READY:
        for kind in ("uid", "gid"):
            Path(f"/proc/{pid}/{kind}_map").write_text(ids)
        go_on.write(b"1")
        trouble = b""
    return trouble + words.read()


def _failure(said: str) -> EngineError:
    return EngineError(said, remedy=_FORBIDDEN if os.strerror(errno.EPERM) in said else "")


def _become(
    command: list[str],
    arrange: Callable[[], None],
    settle: Callable[[], None],
    environment: Mapping[str, str],
    inherited: Mapping[int, int],
    *,
    own: int,
    say: int,
    mapped: int,
) -> NoReturn:
    """In the child: arrange the mounts as the machine's root, and give up its power."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent()
        os.setsid()
        # Above the target descriptors, which might have the same numbers.
        mine = (say, mapped, *inherited.values())
        say, mapped, *sources = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 16) for one in mine)
        for source, target in zip(sources, inherited, strict=True):
            os.dup2(source, target)
        # A mounted view of the kernel's files shows the network of the mounting process.
        unshare(CLONE_NEWNS | CLONE_NEWNET)
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        arrange()
        unshare(own)
        os.write(say, _READY)
        if not os.read(mapped, 1):
            os._exit(1)
        os.setgroups([])
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
        die_with_parent()
        settle()
        os.execve(command[0], command, environment)  # noqa: S606 - none is wanted
    except BaseException as error:  # noqa: BLE001 - what it was is for the parent to tell
        with suppress(OSError):
            os.write(say, json.dumps(f"cannot enclose the program: {error}").encode())
    finally:
        os._exit(127)
