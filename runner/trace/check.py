"""Checks that a workload works: a command on the host, an HTTP request, or the workload's exit status."""

import os
import subprocess
import time
from dataclasses import dataclass

from runner.engine.docker.engine import DockerEngine
from runner.engine.docker.workload import Workload
from runner.errors import EngineError, UsageError
from runner.lab.model.container import ContainerSpec

CONTAINER = "CONTAINER"
"""The variable that tells a command the container's id."""
_PAUSE = 0.2
_MOST_SAID = 2000

# The request is made in the workload's network, which may be unreachable from here.
_REQUEST = """\
ends=$((SECONDS + $3))
until [ "$SECONDS" -gt "$ends" ]; do
  if { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
    printf 'GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' "$2" >&3
    read -r _ status _ <&3
    echo "$status"
    case $status in [23]??) exit 0 ;; esac
    exec 3>&-
  fi
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

    def tried(self, engine: DockerEngine, workload: Workload, seconds: float) -> Outcome:
        """Run the command until it passes, or the time is up."""
        environment = os.environ | engine.info.docker_variables | {CONTAINER: workload.id}
        ends = time.monotonic() + seconds
        while True:
            left = max(ends - time.monotonic(), 1.0)
            try:
                done = subprocess.run(
                    ["sh", "-c", self.text],
                    env=environment | dict(engine.info.connection),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    timeout=left,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return Outcome(False, f"`{self.text}` had not ended after {seconds:g} s")
            said = done.stdout.decode(errors="replace").strip()[-_MOST_SAID:]
            if done.returncode == 0:
                return Outcome(True, said)
            if time.monotonic() + _PAUSE >= ends or workload.status() is not None:
                return Outcome(False, f"`{self.text}` exited with {done.returncode}: {said}")
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
        if not (port.isdecimal() and 0 < int(port) < 65536):
            raise UsageError(
                f"{text!r} is not a port with an optional path",
                remedy="write --http 8080 or --http 8080/health",
            )
        return cls(int(port), slash + path or "/")

    def tried(self, engine: DockerEngine, workload: Workload, seconds: float) -> Outcome:
        """Send the request until it gets such an answer, or the time is up."""
        spec = ContainerSpec(
            entrypoint=("/bin/bash", "-c", _REQUEST, "request"),
            command=(str(self.port), self.path, str(int(seconds))),
            network_mode=f"container:{workload.id}",
        )
        try:
            done = engine.run(spec, seccomp="", timeout=seconds + 30)
        except EngineError as error:
            return Outcome(False, f"no request could be made: {error}")
        answers = done.output.split()
        if done.status == 0:
            return Outcome(True, f"{self.path} answered with {answers[-1]}")
        seen = f"last with {answers[-1]}" if answers else "with nothing"
        return Outcome(False, f"port {self.port} answered {seen} within {seconds:g} s")


Check = Command | Http
