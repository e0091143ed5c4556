"""strace in a container of its own, beside the processes of another one that it watches."""

import re
import time
from collections.abc import Iterator
from typing import Any

from runner.engine.docker.client import engine_errors
from runner.engine.docker.container import attach, remove
from runner.engine.docker.engine import DockerEngine
from runner.engine.docker.gate import FOLDER, OPEN
from runner.engine.docker.streams import Demultiplexer
from runner.errors import EngineError, UsageError
from runner.pace import MACHINE

IMAGE = "lab"
ATTACH_SECONDS = 30.0
_CHUNK = 1 << 18
_KEPT = 4096
_ATTACHED = re.compile(rb"strace: Process \d+ attached")
_WAITS = re.compile(rb"(futex|openat)\(")
_REFUSED = re.compile(rb"strace: attach: ptrace\([^)]*\): ([^\n]+)")

# The processes that share the pid namespace and not the mount namespace are those of the other container.
_WATCH = """\
own=$(readlink /proc/self/ns/mnt)
for folder in /proc/[0-9]*; do
  [ "$(readlink "$folder/ns/mnt")" = "$own" ] || set -- "$@" -p "${folder#/proc/}"
done
set -- strace -f -e signal=SIGSYS -e 'raw=!execve,execveat' "$@"
[ -d GATE ] || exec "$@"
"$@" &
read -r _ && : >OPEN
wait
""".replace("GATE", FOLDER).replace("OPEN", OPEN)


class Sidecar:
    """strace on every process of a container, and on those that they start; read its log to its end, then `remove`.

    Arguments are printed as numbers, but those of `execve`; the only signal told is SIGSYS.
    """

    def __init__(self, engine: DockerEngine, container: str, *, gated: bool = False) -> None:
        """Start it beside `container`, an id or a name, and wait until it watches; `gated` if that is a workload.

        Raises:
            UsageError: no such container runs, or it shares its processes with others.
            EngineError: the processes cannot be watched, and why.
        """
        self._engine = engine
        self._frames = Demultiplexer()
        self._begun = b""
        self._gated = gated
        self._id = self._create(_watchable(engine, container))
        try:
            with engine_errors("cannot start the watching container", engine.client.endpoint):
                self._output = attach(engine.client, self._id, stdin=gated, logs=False)
                self._output.socket.settimeout(None)
            engine.launch(self._id, IMAGE, MACHINE.stretched(ATTACH_SECONDS))
            self._wait_until_attached()
        except BaseException:
            self.remove()
            raise

    def open_gate(self) -> None:
        """Let the workload's program begin."""
        self._output.socket.sendall(b"\n")

    def log(self) -> Iterator[bytes]:
        """What strace prints, as it comes, to the end of all that it watches or until `remove`."""
        begun, self._begun = self._begun, b""
        yield begun
        while data := self._read():
            yield data

    def remove(self) -> None:
        """End the watching; what was watched goes on."""
        if output := getattr(self, "_output", None):
            output.close()
        remove(self._engine.client, self._id)

    def release(self) -> None:
        """Free the connection, once nobody reads any more."""
        self._output.release()

    def _create(self, target: str) -> str:
        body = {
            "Image": IMAGE,
            "Entrypoint": ["/bin/bash", "-c", _WATCH, "watch"],
            "Cmd": [],
            "AttachStdin": self._gated,
            "OpenStdin": self._gated,
            "AttachStdout": True,
            "AttachStderr": True,
            "Labels": dict(self._engine.labels),
            "NetworkDisabled": True,
            "HostConfig": {
                "PidMode": f"container:{target}",
                "CapAdd": ["SYS_PTRACE"],
                "SecurityOpt": ["seccomp=unconfined", "apparmor=unconfined"],
                "VolumesFrom": [target] if self._gated else [],
                "LogConfig": {"Type": "none", "Config": {}},
            },
        }
        create: Any = self._engine.client.create_container_from_config  # its stub has no types
        with engine_errors("cannot create the watching container", self._engine.client.endpoint):
            identity: str = create(body, None)["Id"]
        return identity

    def _wait_until_attached(self) -> None:
        ends = time.monotonic() + MACHINE.stretched(ATTACH_SECONDS)
        # A process that is only attached may run on for a moment; one whose calls are told cannot get away.
        while not (_ATTACHED.search(self._begun) and (not self._gated or _WAITS.search(self._begun))):
            if refused := _REFUSED.search(self._begun):
                raise _not_allowed(refused[1].decode(errors="replace"))
            data = self._read()
            self._begun += data
            if not data:
                said = self._begun[-_KEPT:].decode(errors="replace").strip() or "it said nothing"
                raise EngineError(f"the watching container ended at once: {said}")
            if time.monotonic() > ends:
                raise EngineError("strace had not attached in time", remedy="try again on a quieter machine")

    def _read(self) -> bytes:
        """Some more of the log; b"" at its end."""
        while True:
            try:
                data = self._output.reader.read1(_CHUNK)
            except (OSError, ValueError):
                return b""
            payload = self._frames.feed(data)
            if payload or not data:
                return payload


def _watchable(engine: DockerEngine, container: str) -> str:
    engine.state_of(container)
    with engine_errors(f"cannot look at {container}", engine.client.endpoint):
        found = engine.client.inspect_container(container)
    if not found["State"]["Running"]:
        raise UsageError(f"the container {container} does not run", remedy="start it first")
    if mode := found["HostConfig"].get("PidMode"):
        raise UsageError(
            f"the container {container} has --pid={mode}: its processes cannot be told from others",
            remedy="name the container whose processes it joined, or watch one process: --pid PID",
        )
    return str(found["Id"])


def _not_allowed(reason: str) -> EngineError:
    return EngineError(
        f"the container's processes cannot be watched: {reason}",
        remedy="another program may watch them already (strace, gdb, a debugger), the kernel's setting "
        "kernel.yama.ptrace_scope may be 3, or the engine's AppArmor or SELinux policy forbids ptrace",
    )
