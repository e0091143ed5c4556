"""`workshop verify` against a shell script that starts the same containers and runs the same commands with docker."""

import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from runner.cli.author.verify import default_jobs
from runner.cli.workshops import load_workshops
from runner.engine.api import Completed, Container, Engine, Log
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.lab.model.container import ContainerSpec
from runner.lab.model.images import images
from runner.lab.model.workshop import HOST
from runner.shell.recorder import CommandFinished
from runner.stage.environment import new_session, open_stage
from runner.stage.stage import Stage
from runner.verify.job import Job
from runner.verify.result import OutcomeKind
from runner.verify.run import Plan, verify

ROUNDS = 3


@dataclass
class Recording:
    """A shell script that repeats by hand what a verification did."""

    folder: Path
    lines: list[str] = field(default_factory=list)
    started: int = 0

    def profile(self, seccomp: str) -> list[str]:
        """The security option for a profile's content."""
        if seccomp in {"", "unconfined"}:
            return ["--security-opt", f"seccomp={seccomp}"] if seccomp else []
        path = self.folder / f"profile-{abs(hash(seccomp))}.json"
        path.write_text(seccomp)
        return ["--security-opt", f"seccomp={path}"]

    def run(self, spec: ContainerSpec, seccomp: str, *, detached: str = "") -> None:
        """Add a `docker run` line for `spec`; a container that stays gets a name."""
        bare = replace(
            spec,
            security_opt=tuple(item for item in spec.security_opt if not item.startswith("seccomp")),
            tty=False,
        )
        words = shlex.split(bare.docker_run(name=detached))
        words[2:3] = ["-dt"] if detached else ["--rm"]
        words[2:2] = self.profile(seccomp)
        self.note(words)

    def typed(self, stage: Stage, target: str, text: str) -> None:
        """Add a command typed into a console: in the workspace as it was then, or in the container."""
        if target != HOST:
            self.note(["docker", "exec", stage.container(target).id, "sh", "-c", text])
            return
        workspace = self.folder / f"workspace-{len(self.lines)}"
        shutil.copytree(stage.workspace.root, workspace)
        self.note(["env", "-C", str(workspace), "sh", "-c", text])

    def note(self, words: Sequence[str]) -> None:
        """Add a line to the script."""
        self.lines.append(shlex.join(words) + " </dev/null >/dev/null 2>&1")


class RecordingContainer:
    """A container that records the requests to it, under its name in the script."""

    def __init__(self, container: Container, recording: Recording, name: str) -> None:
        self._container = container
        self._recording = recording
        self.id = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._container, name)

    def exec(
        self, argv: Sequence[str], *, user: str = "", timeout: float, log: Log | None = None
    ) -> Completed:
        who = ["--user", user] if user else []
        self._recording.note(["docker", "exec", *who, self.id, *argv])
        return self._container.exec(argv, user=user, timeout=timeout, log=log)

    def remove(self) -> None:
        self._recording.note(["docker", "rm", "-f", self.id])
        self._container.remove()


class RecordingEngine:
    """An engine that records the requests to it."""

    def __init__(self, engine: Engine, recording: Recording) -> None:
        self._engine = engine
        self._recording = recording

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def run(self, spec: ContainerSpec, *, seccomp: str, timeout: float, log: Log | None = None) -> Completed:
        self._recording.run(spec, seccomp)
        return self._engine.run(spec, seccomp=seccomp, timeout=timeout, log=log)

    def start(self, spec: ContainerSpec, *, seccomp: str, name: str = "", timeout: float) -> Container:
        self._recording.started += 1
        called = f"bench-{self._recording.started}"
        self._recording.run(spec, seccomp, detached=called)
        container = self._engine.start(spec, seccomp=seccomp, name=name, timeout=timeout)
        return RecordingContainer(container, self._recording, called)

    def for_session(self, session: str) -> "RecordingEngine":
        return RecordingEngine(self._engine.for_session(session), self._recording)


def record(jobs: Sequence[Job], engine: Engine, folder: Path) -> Path:
    """Verify once, and write a script with the same commands."""
    recording = Recording(folder)
    wrapped: Any = RecordingEngine(engine, recording)
    plain = Stage.type

    def typed(stage: Stage, target: str, text: str, timeout: float) -> CommandFinished:
        stage.console(target)
        recording.typed(stage, target, text)
        return plain(stage, target, text, timeout)

    Stage.type = typed  # type: ignore[method-assign,assignment]
    try:
        verified(jobs, wrapped, at_once=1)
    finally:
        Stage.type = plain  # type: ignore[method-assign]
    script = folder / "script.sh"
    script.write_text("\n".join(recording.lines) + "\n")
    return script


def verified(jobs: Sequence[Job], engine: Engine, *, at_once: int) -> None:
    """Run one verification, which must pass to be worth timing."""
    plan = Plan(jobs=jobs, at_once=at_once, deadline=600)
    results = verify(plan, lambda workshop: open_stage(engine, workshop), lambda _event: None)
    if bad := [result.id for result in results if result.kind is not OutcomeKind.PASSED]:
        sys.exit(f"cannot measure: {', '.join(bad)} did not pass")


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def busy_seconds() -> float:
    """The time that this machine's processors have worked since it started, engine and containers included."""
    whole, _, _ = Path("/proc/stat").read_text(encoding="ascii").partition("\n")
    user, nice, system, _idle, _waiting, irq, soft_irq, *_ = map(int, whole.split()[1:])
    return (user + nice + system + irq + soft_irq) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Alternate the three ways, so that noise affects all alike, and compare medians.

    No number of jobs at once takes less time than the processors' work, shared evenly by all of them: the least ratio
    that this machine can reach.
    """
    jobs: list[Job] = [(workshop, lab) for workshop, labs in load_workshops([]) for lab in labs]
    with open_engine(EngineChoice(), new_session()) as engine, tempfile.TemporaryDirectory() as name:
        provide(engine.client, images(jobs), print)
        script = record(jobs, engine, Path(name))
        by_hand = ["sh", str(script)]
        environment = os.environ | {"DOCKER_HOST": engine.info.endpoint}
        one, many, shell, work = [], [], [], []
        for _ in range(ROUNDS):
            shell.append(seconds(lambda: subprocess.run(by_hand, env=environment, check=False, timeout=600)))
            before = busy_seconds()
            one.append(seconds(lambda: verified(jobs, engine, at_once=1)))
            work.append(busy_seconds() - before)
            many.append(seconds(lambda: verified(jobs, engine, at_once=default_jobs())))
    base = statistics.median(one)
    print(f"--jobs 1 against the script    {base / statistics.median(shell):5.2f}x (aim: 1.1x)")
    print(f"--jobs {default_jobs()} against --jobs 1    {statistics.median(many) / base:5.2f}x (aim: 0.65x)")
    least = statistics.median(work) / (os.cpu_count() or 1) / base
    print(f"({base:.1f} s with --jobs 1; the processors' work alone, shared evenly: {least:.2f}x)")


if __name__ == "__main__":
    main()
