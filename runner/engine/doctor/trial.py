"""Tries an engine as a lab would: opens it, starts a container under a profile, and checks its real settings."""

import json
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from runner.engine.api import Engine
from runner.engine.discovery import Candidate, EngineChoice, open_candidate
from runner.engine.docker.engine import DockerEngine
from runner.engine.doctor.findings import Finding, Level
from runner.engine.doctor.machine import image
from runner.engine.image.provide import LAB, provide
from runner.engine.private import user_scope
from runner.errors import EngineError, WorkshopError
from runner.folders import cache_folder
from runner.lab.model.container import ContainerSpec
from runner.pace import MACHINE

_SECONDS = 30.0
_DENIED = "mkdir"
_PROFILE = json.dumps(
    {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [{"names": [_DENIED, "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}],
    }
)
# Limits of cgroup v2 or else v1, and the one that works without either.
_SCRIPT = """
first() { for file; do if [ -r "$file" ]; then cat "$file"; return; fi; done; echo none; }
if mkdir /tmp/tried 2>/dev/null; then echo allowed; else echo denied; fi
sed -n 's/^Seccomp:[[:space:]]*//p' /proc/self/status
sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status
first /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes
first /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max
sed -n 's/^Max processes *//p' /proc/self/limits | cut -d" " -f1
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The report of a container under the profile on itself; limits are None if there are none."""

    denied: bool
    filtered: bool
    capabilities: int
    memory: int | None
    pids: int | None
    processes: int | None

    @classmethod
    def parse(cls, output: str) -> "Seen":
        """Read the script's six lines.

        Raises:
            ValueError: it printed something else.
        """
        mkdir, seccomp, capabilities, memory, pids, processes = output.split()
        limits = [int(word) if word.isdecimal() else None for word in (memory, pids, processes)]
        return cls(mkdir == "denied", seccomp == "2", int(capabilities, 16), *limits)


def try_engine(
    choice: EngineChoice, candidate: Candidate, progress: Callable[[str], None] = lambda _line: None
) -> tuple[Finding, ...]:
    """Start a container on this engine and report; afterwards remove everything that was started."""
    session = f"doctor-{secrets.token_hex(6)}"
    began = time.monotonic()
    progress("Trying a container, as a lab would start it")
    try:
        with open_candidate(choice, candidate, session) as engine:
            provide(engine.client, [LAB], progress)
            # An image that was not there is there now.
            found = image(cache_folder(choice.environ), engine=engine.info.endpoint)
            return (found, *_findings(engine, choice, began))
    except WorkshopError as error:
        return (Finding("a container", Level.MISSING, str(error), error.remedy or "see what it says"),)


def _findings(engine: DockerEngine, choice: EngineChoice, began: float) -> Iterator[Finding]:
    spec = ContainerSpec(image=LAB, command=("sh", "-c", _SCRIPT), cap_add=("ALL",))
    try:
        done = engine.run(spec, seccomp=_PROFILE, timeout=MACHINE.stretched(_SECONDS))
        seen = Seen.parse(done.output)
    except ValueError:
        raise EngineError(
            f"a container on {engine.info.endpoint} printed something unexpected: {done.output[:200]!r}",
            remedy="use another engine, for example `--engine private`",
        ) from None
    took = time.monotonic() - began
    yield _profile(seen, took)
    yield _limits(seen, spec, engine)
    yield from _command(engine, choice)
    for failure in engine.swept.failures:
        yield Finding("leftovers", Level.WARNING, str(failure), failure.remedy)


def _profile(seen: Seen, took: float) -> Finding:
    if seen.denied and seen.filtered:
        detail = (
            f"ran under a profile, which denied what it should, {took:.1f} s after the engine was asked for"
        )
        return Finding("a container", Level.OK, detail)
    detail = (
        f"started, but its profile was not in force ({_DENIED} was {'denied' if seen.denied else 'allowed'})"
    )
    return Finding("a container", Level.MISSING, detail, "use another engine, for example `--engine private`")


def _limits(seen: Seen, spec: ContainerSpec, engine: Engine) -> Finding:
    memory = seen.memory is not None and seen.memory <= spec.mem_limit
    pids = seen.pids is not None and seen.pids <= spec.pids_limit
    if memory and pids:
        detail = (
            f"a container gets {spec.mem_limit >> 20} MiB of memory and {spec.pids_limit} processes at most"
        )
        return Finding("limits", Level.OK, detail)
    by_ulimit = seen.processes is not None and seen.processes <= spec.pids_limit
    bounded = (
        f"processes are bounded {'by a ulimit' if by_ulimit else 'by nothing'}"
        if not pids
        else "only processes are"
    )
    detail = (
        f"the memory of a container as a whole is not bounded, that of each of its processes is; {bounded}"
    )
    why = user_scope.obstacle() if engine.info.isolation == "rootless" else ""
    return Finding("limits", Level.WARNING, detail, why or "an engine that root starts can bound them")


def _command(engine: DockerEngine, choice: EngineChoice) -> Iterator[Finding]:
    """The finding on whether the `docker` command of the user's shell uses this engine."""
    environment = {
        "PATH": choice.environ.get("PATH", ""),
        "HOME": choice.environ.get("HOME", "/"),
        **engine.info.docker_variables,
    }
    command = ["docker", "version", "--format", "{{.Server.Version}}"]
    try:
        done = subprocess.run(
            command,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=MACHINE.stretched(_SECONDS),
        )
    except OSError:
        # A missing command is a separate finding already. A folder of PATH that is closed gives another error.
        return
    except subprocess.TimeoutExpired:
        yield Finding("docker command", Level.MISSING, "does not answer", "see whether `docker version` ends")
        return
    if done.returncode != 0:
        said = (done.stderr.strip() or "it printed nothing").splitlines()[-1]
        remedy = "install Docker's own command, as new as the engine, not a wrapper of another program"
        yield Finding("docker command", Level.MISSING, f"cannot talk to this engine: {said}", remedy)
