"""Runs strace in a separate container, beside the processes of the container that it traces."""

import re
import select
import threading
import time
from collections.abc import Iterator

from docker.errors import APIError, NotFound

from runner.engine.docker.client import engine_errors
from runner.engine.docker.collector import FIFO, Collector
from runner.engine.docker.gate import FOLDER, OPEN
from runner.engine.docker.helper import IMAGE, create_helper
from runner.engine.docker.launching import launch_attached
from runner.engine.docker.podman import host_settings
from runner.engine.docker.removal import remove
from runner.engine.docker.session import EngineSession
from runner.engine.docker.streams import Demultiplexer, Hijacked
from runner.errors import EngineError, UsageError
from runner.language import tr
from runner.pace import MACHINE

ATTACH_SECONDS = 30.0
_REST_SECONDS = 3.0
"""The longest time for the rest of a log to arrive once its writer has ended, on a usual machine, in seconds."""
_CHUNK = 1 << 18
_MARK = "WORKSHOP_SIDECAR=1"
"""A variable in the environment of all sidecars."""
_KEPT = 4096
_ATTACHED = re.compile(rb"strace: Process \d+ attached")
_WAITS = re.compile(rb"(futex|openat|read)\(")
_REFUSED = re.compile(rb"strace: attach: ptrace\([^)]*\): ([^\n]+)")
_TRACED = re.compile(rb"workshop: (\d+) \(([^)\n]*)\) is traced by (\d+) \(([^)\n]*)\)")
_SCOPE = re.compile(rb"workshop: ptrace_scope ([0-3])")

# The processes that share the pid namespace are those of the other container, and of more sidecars beside it.
# A traced process cannot have a second tracer; which one it has can only be found out while it exists.
# strace ends with the shell. Without cgroups an engine kills only a container's first process, since others of its pid
# namespace are the other container's, and then waits for its output to be closed.
_WATCH = (
    """\
[ -z "$2" ] || { until [ -p "$2" ]; do sleep 0.01; done; exec >"$2" 2>&1; }
for folder in /proc/[0-9]*; do
  grep -qszxFe MARK "$folder/environ" && continue
  [ -z "$1" ] || grep -qszxFe "$1" "$folder/cmdline" || continue
  tracer=
  while read -r key value; do [ "$key" = TracerPid: ] && tracer=$value; done 2>/dev/null <"$folder/status"
  if [ "${tracer:-0}" != 0 ]; then
    read -r name 2>/dev/null <"$folder/comm"
    read -r other 2>/dev/null <"/proc/$tracer/comm"
    echo "workshop: ${folder#/proc/} ($name) is traced by $tracer ($other)"
  else
    pids+=(-p "${folder#/proc/}")
  fi
done
[ -r /proc/sys/kernel/yama/ptrace_scope ] && echo "workshop: ptrace_scope $(</proc/sys/kernel/yama/ptrace_scope)"
[ ${#pids[@]} != 0 ] || exit 1
set -- strace -f -e signal=SIGSYS -e 'raw=!execve,execveat' "${pids[@]}"
[ -d GATE ] || exec "$@"
setpriv --pdeathsig KILL "$@" &
read -r _ && : >OPEN
wait
""".replace("MARK", _MARK)
    .replace("GATE", FOLDER)
    .replace("OPEN", OPEN)
)


class Sidecar:
    """strace on every process of a container, and on those that they start; read its log to its end, then `remove`.

    Arguments are printed as numbers, except those of `execve`; the only signal printed is SIGSYS.
    """

    def __init__(
        self,
        session: EngineSession,
        container: str,
        *,
        gated: bool = False,
        program: str = "",
        collected: bool = False,
    ) -> None:
        """Start it beside `container`, an id or a name, and wait until it traces.

        `gated` is true for a workload. With `program`, only the process with this word in its command line is traced,
        which waits for input. With `collected`, a second container passes the log on in larger pieces, a moment later:
        worth its start if many calls are traced.

        Raises:
            UsageError: the container does not run, or it shares its processes with others.
            EngineError: the processes cannot be traced; the message has the reason.
        """
        self._session = session
        self._frames = Demultiplexer()
        self._begun = b""
        self._notes: tuple[str, ...] = ()
        self._gated = gated
        self._waits = gated or bool(program)
        self._own: Hijacked | None = None
        self._id = ""
        self._removing = threading.Lock()
        target = _watchable(session, container)
        self._collector = Collector(session) if collected else None
        self._log = self._collector.output if self._collector else None
        try:
            self._id = self._create(target, program)
            self._own = self._launch(container)
            self._own.socket.settimeout(None)
            self._log = self._log or self._own
            self._wait_until_attached()
            self._notes = tuple(map(_traced_already, _TRACED.finditer(self._begun)))
        except BaseException:
            try:
                self.remove()
            finally:
                self.release()
            raise

    @property
    def notes(self) -> tuple[str, ...]:
        """Parts of the container that are not traced, with the reason."""
        return self._notes

    def open_gate(self) -> None:
        """Let the workload's program begin."""
        with engine_errors(tr("cannot let the program begin"), self._session.client.endpoint):
            assert self._own is not None
            self._own.socket.sendall(b"\n")

    def log(self) -> Iterator[bytes]:
        """strace's output, to the end of all traced processes or until `remove`."""
        begun, self._begun = self._begun, b""
        yield begun
        while data := self._read():
            yield data

    def remove(self) -> None:
        """End the tracing; the traced processes go on, and output already collected can be read to its end.

        Several threads may call it: engines that are asked twice at once can take as long as they wait for a kill.
        """
        if self._own is not None:
            self._own.close()
        try:
            with self._removing:
                if self._id:
                    remove(self._session.client, self._id)
                    self._id = ""
        except BaseException:
            if self._log is not None:
                self._log.close()  # otherwise it might never end
            raise

    def release(self) -> None:
        """Free the connections, once nobody reads any more."""
        if self._own is not None:
            self._own.release()
        if self._collector is not None:
            self._collector.remove()

    def _create(self, target: str, program: str) -> str:
        shared = [target] if self._gated else []
        fifo = ""
        if self._collector is not None:
            shared.append(self._collector.id)
            fifo = FIFO
        try:
            return create_helper(
                self._session,
                tr("cannot create the watching container"),
                ["/bin/bash", "-c", _WATCH, "watch", program, fifo],
                environment=[_MARK],
                stdin=self._gated,
                host={"PidMode": f"container:{target}", "CapAdd": ["SYS_PTRACE"], "VolumesFrom": shared},
            )
        except EngineError as error:
            if isinstance(error.__cause__, APIError) and not isinstance(error.__cause__, NotFound):
                raise _gone(target, error.__cause__) from error
            raise

    def _launch(self, container: str) -> Hijacked:
        limit = MACHINE.stretched(ATTACH_SECONDS)
        try:
            return launch_attached(self._session.client, self._id, IMAGE, limit, stdin=self._gated)
        except EngineError as error:
            _watchable(
                self._session, container
            )  # It may have ended meanwhile, which is the better explanation.
            raise EngineError(tr("cannot start the watching container: {error}", error=error)) from error

    def _wait_until_attached(self) -> None:
        assert self._log is not None
        assert self._own is not None
        ended = False
        ends = time.monotonic() + MACHINE.stretched(ATTACH_SECONDS)
        # A process that is only attached may run on for a moment; one whose calls are traced cannot get away.
        while not (_ATTACHED.search(self._begun) and (not self._waits or _WAITS.search(self._begun))):
            heard = [self._log.socket] if ended else [self._log.socket, self._own.socket]
            ready = select.select(heard, [], [], max(0.0, ends - time.monotonic()))[0]
            if self._log.socket in ready:
                data = self._read()
                self._begun += data
                if not data:
                    raise _not_watched(self._begun)
            elif ready:
                # It may have ended before it wrote anything, and then nothing ends the log.
                ended = True
                ends = min(ends, time.monotonic() + MACHINE.stretched(_REST_SECONDS))
            elif ended:
                raise _not_watched(self._begun)
            else:
                raise EngineError(
                    tr("strace had not attached in time"), remedy=tr("try again on a quieter machine")
                )

    def _read(self) -> bytes:
        """Read the next piece of the log; b"" at its end."""
        assert self._log is not None
        while True:
            try:
                data = self._log.reader.read1(_CHUNK)
            except (OSError, ValueError):
                return b""
            payload = self._frames.feed(data)
            if payload or not data:
                return payload


def _watchable(session: EngineSession, container: str) -> str:
    session.state_of(container)
    with engine_errors(tr("cannot look at {name}", name=container), session.client.endpoint):
        try:
            found = session.client.inspect_container(container)
        except APIError as error:
            raise _gone(container, error) from error
    if not found["State"]["Running"]:
        raise UsageError(tr("the container {name} does not run", name=container), remedy=tr("start it first"))
    if mode := host_settings(found).get("PidMode"):
        raise UsageError(
            tr(
                "the container {name} has --pid={mode}: its processes cannot be distinguished from others",
                name=container,
                mode=mode,
            ),
            remedy=tr("name the container whose processes it joined, or watch one process: --pid PID"),
        )
    return str(found["Id"])


def _not_watched(said: bytes) -> EngineError:
    """The reason why strace ended without tracing, from the sidecar's output."""
    if found := _TRACED.search(said):
        return EngineError(
            tr("{watched}, and a process can have one tracer only", watched=_traced_already(found)),
            remedy=tr("end that program (strace, gdb, another watch) and try again"),
        )
    if refused := _REFUSED.search(said):
        scope = _SCOPE.search(said)
        yama = scope is not None and scope[1] == b"3"
        reason = refused[1].decode(errors="replace")
        if yama:
            return EngineError(
                tr(
                    "the container's processes cannot be watched: ptrace is refused by the kernel's setting "
                    "kernel.yama.ptrace_scope, which is 3 on the engine's machine ({reason})",
                    reason=reason,
                ),
                remedy=tr(
                    "nothing can be watched there until the machine is started again with another setting"
                ),
            )
        return EngineError(
            tr(
                "the container's processes cannot be watched: ptrace is refused by the kernel, by the engine's "
                "AppArmor or SELinux policy, or since a program outside watches them ({reason})",
                reason=reason,
            ),
            remedy=tr(
                "look for ptrace in the engine machine's kernel log; a container of another user namespace cannot be "
                "watched either"
            ),
        )
    text = said[-_KEPT:].decode(errors="replace").strip() or tr("it printed nothing")
    return EngineError(tr("the watching container ended at once: {words}", words=text))


def _traced_already(found: "re.Match[bytes]") -> str:
    pid, name, tracer, other = (part.decode(errors="replace") for part in found.groups())
    return tr(
        "{name}, process {pid} of the container, is watched already: by {other}, process {tracer}",
        name=name,
        pid=pid,
        other=other or tr("a program"),
        tracer=tracer,
    )


def _gone(container: str, error: APIError) -> UsageError:
    return UsageError(
        tr("the container {name} no longer runs: {reason}", name=container, reason=error.explanation),
        remedy=tr("start it first"),
    )
