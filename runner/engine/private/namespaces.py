"""Starting a program as root so that it has no power over the machine: own user, mount, process and net namespaces."""

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
"""What the child says when it waits for its ids."""
_FORBIDDEN = (
    "root may not do that here, as in most containers: start the container with `docker run --privileged`, or run "
    "the workshop outside of it"
)


class Enclosed:
    """The first process of the namespaces: whatever runs in them ends with it, and it with the one that started it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self._wait(os.WNOHANG)

    def wait(self) -> int:
        """Its exit status when it has ended."""
        status = self._wait(0)
        assert status is not None
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def resume(self) -> None:
        """Tell it that it goes on, as after a stop."""
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

    `ids` is what its `uid_map` and `gid_map` are told. `settle` is done in its place before, without real root's power.
    `descriptors` are those that it gets, each with the one of this process that it is. With `own_groups` it takes the
    control groups that `arrange` has put it in for all that there are.

    For a process with one thread that has no other children: later ones would be in the same process namespace.

    Raises:
        EngineError: a namespace or a mount cannot be had.
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
            # Nobody has it yet who would wait for its end.
            child.kill()
            child.wait()
            raise
    if trouble:
        child.wait()
        raise _failure(json.loads(trouble))
    return child


def _map_ids(pid: int, ids: str, words: BinaryIO, go_on: RawIOBase) -> bytes:
    """Map the child's ids when it waits for them; what it says of what went wrong, if that is anything."""
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
    """In the child: the machine's root arranges what is seen, and gives up its power."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent()
        os.setsid()
        # Above those that are given away, which might be ours.
        mine = (say, mapped, *inherited.values())
        say, mapped, *sources = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 16) for one in mine)
        for source, target in zip(sources, inherited, strict=True):
            os.dup2(source, target)
        # A view of the kernel's files shows the network of who mounts it.
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
