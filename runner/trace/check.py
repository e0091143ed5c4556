"""Checks that a workload works: a command on the host, an HTTP request, or the workload's exit status."""

import os
import time
from dataclasses import dataclass

from runner.engine.api import ProgramTimeout
from runner.engine.docker.engine import DockerEngine
from runner.engine.docker.workload import Workload
from runner.errors import EngineError, UsageError
from runner.lab.model.container import ContainerSpec
from runner.shell.program import Stop, run_program

CONTAINER = "CONTAINER"
"""The variable that tells a command the container's id."""
_PAUSE = 0.2
_MOST_SAID = 2000

# The request is made in the workload's network, which may be unreachable from here. Each try has half of the time that
# is left: a server may be slow, or silent to anyone who comes too early.
_TRY = """\
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
echo connected
printf 'GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' "$2" >&3
read -r _ status _ <&3 || [ -n "$status" ] || exit 1
# A server may give no reason, and end the line behind the number.
status=${status%$'\\r'}
echo "answered $status"
case $status in [23]??) exit 0 ;; esac
exit 1
"""
_REQUEST = """\
ends=$((SECONDS + $4))
while left=$((ends - SECONDS)); [ "$left" -ge 0 ]; do
  timeout "$(((left + 2) / 2))" bash -c "$1" request "$2" "$3" 2>/dev/null && exit 0
  sleep 0.2
done
exit 1
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a check: whether the workload works, and what was seen."""

    passed: bool
    said: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command line for `sh`, with the container's id in CONTAINER; exit status 0 means the workload works."""

    text: str

    def tried(
        self, engine: DockerEngine, workload: Workload, seconds: float, stop: Stop | None = None
    ) -> Outcome:
        """Run the command until it passes, the time is up, or `stop` is set; nothing of it is left.

        Raises:
            EngineError: the engine does not answer, or the command cannot be started.
        """
        environment = os.environ | engine.info.docker_variables | {CONTAINER: workload.id}
        ends = time.monotonic() + seconds
        while True:
            left = max(ends - time.monotonic(), 1.0)
            try:
                status, output = run_program(
                    ["sh", "-c", self.text],
                    environment=environment,
                    timeout=left,
                    keep_end=True,
                    stop=stop,
                )
            except OSError as error:
                raise EngineError(f"`{self.text}` cannot be started: {error.strerror or error}") from error
            if stop is not None and stop.is_set:
                return Outcome(False, f"`{self.text}` was ended")
            if status is None:
                return Outcome(False, f"`{self.text}` had not ended after {seconds:g} s")
            said = output.strip()[-_MOST_SAID:]
            if status == 0:
                return Outcome(True, said)
            if time.monotonic() + _PAUSE >= ends or workload.status() is not None:
                return Outcome(False, f"`{self.text}` exited with {status}: {said}")
            time.sleep(_PAUSE)


@dataclass(frozen=True, slots=True)
class Http:
    """A request to a port of the container; the workload works once the answer has a status of 200 to 399."""

    port: int
    path: str = "/"

    @classmethod
    def of(cls, text: str) -> "Http":
        """Read `8080`, or `8080/health`.

        Raises:
            UsageError: it is neither.
        """
        port, slash, path = text.partition("/")
        if not (port.isdecimal() and len(port) < 6 and 0 < int(port) < 65536):
            raise UsageError(
                f"{text!r} is not a port with an optional path",
                remedy="write --http 8080 or --http 8080/health",
            )
        return cls(int(port), slash + path or "/")

    def tried(
        self, engine: DockerEngine, workload: Workload, seconds: float, _stop: Stop | None = None
    ) -> Outcome:
        """Send the request until it gets such an answer, or the time is up; closing `engine` ends it earlier."""
        spec = ContainerSpec(
            entrypoint=("/bin/bash", "-c", _REQUEST, "requests"),
            command=(_TRY, str(self.port), self.path, str(int(seconds))),
            network_mode=f"container:{workload.id}",
        )
        try:
            done = engine.run(spec, seccomp="", timeout=seconds + 30)
        except ProgramTimeout as error:
            return self._failed(error.output, seconds)
        except EngineError as error:
            return Outcome(False, f"no request could be made: {error}")
        if done.status == 0:
            return Outcome(True, f"{self.path} answered with {_answers(done.output)[-1]}")
        return self._failed(done.output, seconds)

    def _failed(self, output: str, seconds: float) -> Outcome:
        answers = _answers(output)
        if answers:
            said = f"answered last with {answers[-1]!r}, which is no status of 200 to 399,"
        elif "connected" in output.splitlines():
            said = "took the connection, and did not answer"
        else:
            said = "could not be connected to"
        return Outcome(False, f"port {self.port} {said} within {seconds:g} s")


def _answers(output: str) -> list[str]:
    """The status of each answer."""
    lines = output.splitlines()
    return [line.removeprefix("answered ") for line in lines if line.startswith("answered ")]


Check = Command | Http
