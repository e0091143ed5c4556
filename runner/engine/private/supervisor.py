"""The process that owns the private engine: starts it, counts its users, and ends it with the last one.

A user is a connection to the control socket on which `use` was said: the kernel closes it when the process dies,
however it dies. Others only read the greeting, or say `stop`.
"""

import argparse
import fcntl
import json
import os
import select
import selectors
import socket
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from runner import language
from runner.engine.api import Loss
from runner.engine.private import exit_reason
from runner.engine.private.apart import is_apart, remove
from runner.engine.private.daemon import EngineProcess
from runner.engine.private.ending import Ending, end_at_once
from runner.engine.private.places import Places
from runner.pace import MACHINE

_FIRST_USER_SECONDS = 10.0
"""The time, in seconds, that the engine waits for the process that started it."""

_COUNT_SECONDS = 5.0
"""The interval, in seconds, for reading the kernel's counts, of which the latest may explain an end."""


class Supervisor:
    """Counts the users of a started engine until it ends."""

    def __init__(self, places: Places, engine: EngineProcess, ending: Ending) -> None:
        self._places = places
        self._engine = engine
        self._ending = ending
        self._users: set[socket.socket] = set()
        self._leaving: list[socket.socket] = []
        self._held = False
        self._stopping = False
        self._idle_until: float | None = None
        self._selector = selectors.DefaultSelector()

    def serve(self, listener: socket.socket, *, expected: bool) -> None:
        """Serve until nobody needs the engine, including an `expected` user, or it is asked to end, or it dies."""
        self._idle_until = time.monotonic() + (MACHINE.stretched(_FIRST_USER_SECONDS) if expected else 0.0)
        watch = os.pidfd_open(self._engine.pid)
        count = exit_reason.tally_of(self._engine.pid)
        before = count()
        self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(watch, selectors.EVENT_READ)
        self._selector.register(self._ending, selectors.EVENT_READ)
        try:
            while self._needed():
                for key, _ in self._selector.select(self._patience()):
                    if key.fileobj is listener:
                        self._accept(listener)
                    elif isinstance(key.fileobj, socket.socket):
                        self._hear(key.fileobj)
                    elif key.fileobj is self._ending:
                        self._ending.settle()
                if self._engine.running:
                    # Interventions of the kernel until now have not ended it.
                    before = count()
            self._say_why(count().since(before))
        finally:
            # From here on a new user finds no socket, or gets no greeting, and starts the next engine after
            # us.
            self._places.control.unlink(missing_ok=True)
            listener.close()
            os.close(watch)

    def _say_why(self, tally: exit_reason.Tally) -> None:
        """Record the reason for the engine's end; `tally` counts the kernel's interventions meanwhile."""
        if self._stopping:
            loss = Loss("it was stopped, as by `workshop engine stop`", wanted=True)
        elif self._ending.asked:
            loss = Loss("its supervisor was asked to end ({how})", values={"how": self._ending.asked})
        elif not self._engine.running:
            loss = self._engine.loss(tally)
        else:
            return
        exit_reason.write(self._places, self._engine.pid, loss)

    def _needed(self) -> bool:
        if self._stopping or self._ending.asked or not self._engine.running:
            return False
        waiting = self._idle_until is not None and time.monotonic() < self._idle_until
        return bool(self._users) or self._held or waiting

    def _patience(self) -> float:
        if self._users or self._held or self._idle_until is None:
            return _COUNT_SECONDS
        return min(max(self._idle_until - time.monotonic(), 0.0), _COUNT_SECONDS)

    def _accept(self, listener: socket.socket) -> None:
        user, _ = listener.accept()
        user.settimeout(MACHINE.stretched(1.0))
        self._selector.register(user, selectors.EVENT_READ)
        self._tell(user, {"endpoint": self._places.endpoint, **self._status(but=user)})

    def _hear(self, user: socket.socket) -> None:
        try:
            words = user.recv(256).decode(errors="replace").split()
        except OSError:
            words = []
        if not words:
            used = user in self._users
            self._forget(user)
            user.close()
            if used:
                self._sweep()
        for word in words:
            if word == "use":
                self._admit(user)
            elif word == "hold":
                self._held = True
            elif word == "stop":
                self._stopping = True
            elif word == "leave":
                self._leave(user)
            if word in {"use", "hold", "stop"}:
                self._tell(user, self._status(but=user))

    def _admit(self, user: socket.socket) -> None:
        """Count a user, which the engine lasts for from now on."""
        self._users.add(user)
        self._idle_until = None
        for left in self._leaving:
            left.close()
        self._leaving.clear()

    def _leave(self, user: socket.socket) -> None:
        """Release a user; the last one waits until the engine has ended, or has users again."""
        self._forget(user)
        if self._users or self._held:
            user.close()
            self._sweep()
        else:
            self._leaving.append(user)

    def _sweep(self) -> None:
        """Sweep after a user has gone, unless the engine's end makes it unnecessary."""
        if self._users or self._held:
            self._engine.sweep()

    def _forget(self, user: socket.socket) -> None:
        self._users.discard(user)
        with suppress(KeyError, ValueError):
            self._selector.unregister(user)

    def _status(self, *, but: socket.socket) -> dict[str, Any]:
        return {"pid": self._engine.pid, "held": self._held, "users": len(self._users - {but})}

    def _tell(self, user: socket.socket, message: dict[str, Any]) -> None:
        try:
            user.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self._forget(user)
            user.close()


def main(argv: list[str] | None = None) -> None:
    """Run the private engine for as long as it is used; the first line on stdout reports whether it started."""
    parser = argparse.ArgumentParser(prog="runner.engine.private.supervisor")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    parser.add_argument("--language", default="", help="of the report, for the program that started this")
    arguments_ = parser.parse_args(argv)
    language.use(arguments_.language)
    places = Places(arguments_.data, arguments_.runtime)
    end_at_once()
    # The process holds the lock until its last descriptor closes, so that engines never overlap.
    with places.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ending = Ending()
        ending.listen()
        engine = EngineProcess(places)
        supervisor = Supervisor(places, engine, ending)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if engine.start(called_off=lambda: ending.asked or not _awaited()):
                places.control.unlink(missing_ok=True)
                listener.bind(str(places.control))
                listener.listen(64)
                # A user that started it and is gone by now will not use it.
                supervisor.serve(listener, expected=_report({"ready": True}))
        except Exception as error:  # noqa: BLE001 - whatever it is, the engine must go; it is told and logged
            traceback.print_exc()
            _report({"error": str(error), "remedy": getattr(error, "remedy", "")})
        finally:
            engine.stop()
            if is_apart(places):
                remove(places)
            # Users waiting for the end see it when the connections close: with this process, not before.
            os._exit(0)


def _awaited() -> bool:
    """True while the process that started us may read the report: a pipe without a reader has an error."""
    reader = select.poll()
    reader.register(1, 0)
    return not reader.poll(0)


def _report(message: dict[str, Any]) -> bool:
    """Send a message to the process that started us; False if it is gone."""
    try:
        print(json.dumps(message), flush=True)
        heard = True
    except OSError:
        heard = False
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return heard


if __name__ == "__main__":
    main()
