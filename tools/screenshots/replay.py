"""An engine whose containers give the recorded answers of real ones."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runner.engine.api import Completed, Container, Log
from runner.lab.model.container import ContainerSpec
from runner.shell.pty import HostStream
from runner.stream import Stream
from tests.fakes import FakeContainer, FakeEngine, command

RECORDED = Path(__file__).parent / "recorded.json"
NOT_RECORDED = "not recorded; see `python -m tools.screenshots --help`"

Recording = Mapping[tuple[str, tuple[str, ...]], Completed]
"""A program's output and status, by the `seccomp` option of its container and its argv."""


def load_recording(path: Path = RECORDED) -> Recording:
    """The recording in the repository."""
    return {
        (entry["seccomp"], tuple(entry["argv"])): Completed(entry["status"], entry["output"])
        for entry in json.loads(path.read_text(encoding="utf-8"))
    }


def save_recording(recording: Recording, path: Path = RECORDED) -> None:
    """Replace the recording in the repository."""
    entries = [
        {"seccomp": seccomp, "argv": argv, "status": ended.status, "output": ended.output}
        for (seccomp, argv), ended in recording.items()
    ]
    path.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_programs(recording: Recording, seccomp: str, folder: Path) -> None:
    """Put a script into `folder` for each program recorded under that profile; it prints the recorded output."""
    folder.mkdir(parents=True, exist_ok=True)
    cases: dict[str, list[str]] = {}
    for (under, argv), ended in recording.items():
        if under == seccomp and "/" not in argv[0]:
            body = f"{shlex.quote(' '.join(argv[1:]))}) printf %s {shlex.quote(ended.output)}; exit {ended.status};;"
            cases.setdefault(argv[0], []).append(body)
    for program, bodies in cases.items():
        script = folder / program
        script.write_text(
            "\n".join(
                [
                    '#!/bin/sh\ncase "$*" in',
                    *bodies,
                    f"*) echo {shlex.quote(NOT_RECORDED)}; exit 127;;\nesac\n",
                ]
            )
        )
        script.chmod(0o755)


@dataclass
class ReplayEngine(FakeEngine):
    """Starts containers with a real shell and recorded programs, which are below `folder`."""

    recording: Recording = field(default_factory=dict)
    folder: Path = Path()

    def start(self, spec: ContainerSpec, *, seccomp: str, name: str = "", timeout: float) -> Container:  # noqa: ARG002 (nothing here takes time)
        container = ReplayContainer(self, spec, seccomp, name)
        self.containers[container.id] = container
        return container

    def run(self, spec: ContainerSpec, *, seccomp: str, timeout: float, log: Log | None = None) -> Completed:  # noqa: ARG002 (as above)
        return self.recording.get((spec.seccomp, command(spec)), Completed(127, NOT_RECORDED))

    def for_session(self, session: str) -> "ReplayEngine":
        return ReplayEngine(
            session=session, recording=self.recording, folder=self.folder, containers=self.containers
        )


class ReplayContainer(FakeContainer):
    """A shell of this machine that finds only recorded programs."""

    def attach(self) -> Stream:
        assert isinstance(self.engine, ReplayEngine)
        folder = self.engine.folder / self.id
        write_programs(self.engine.recording, self.spec.seccomp, folder)
        environment = {**self.spec.environment, "PATH": str(folder)}
        return HostStream(["/bin/bash", "--norc"], environment=environment, directory=Path("/"))
