"""Standard mutants, which every check is tried with in addition to its author's: each fails for a different reason.

A check must distinguish the step's result from an invalid profile, a missing program, a missing image and an engine
that does not answer.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Lock
from typing import NamedTuple, assert_never

from runner.check.context import ProbeContext
from runner.check.docker_run import docker_run
from runner.check.evaluate import evaluate, judge
from runner.check.observation import Observation
from runner.check.outcome import Failed, Outcome, Passed
from runner.check.probes import observe
from runner.check.typed import meant
from runner.engine.api import ContainerGone, EngineUnavailable
from runner.errors import EngineError, UsageError
from runner.lab.model.check import (
    Check,
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    FileProbe,
    HostProbe,
    ProfileProbe,
    Retry,
    TraceProbe,
    TranscriptProbe,
    files_named,
    what_runs,
)
from runner.lab.model.container import ContainerSpec
from runner.lab.model.workshop import HOST
from runner.pace import MACHINE
from runner.paths import is_file
from runner.shell.recorder import CommandFinished
from runner.stage.stage import START_TIMEOUT, Stage

_NO_FOLDER = "/no-such-folder"
_NO_TAG = "no-such-tag"
_NO_ENGINE = "unix:///no-such-folder/docker.sock"
_FILES: Mapping[str, str | None] = {
    "is not there": None,
    "is empty": "",
    "is not JSON": "this is no profile\n",
}
_DENY_ALL = '{"defaultAction": "SCMP_ACT_ERRNO"}'
_PROFILES: Mapping[str, str] = {
    "is {}, which means no filter": "{}",
    "denies every call": _DENY_ALL,
}


class Trial(NamedTuple):
    """A standard mutant in words that follow "where", and the check's outcome."""

    where: str
    outcome: Outcome


class Refusals:
    """Observations of containers that an engine refuses whatever the lab; made once for all labs."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Observation] = {}
        self._looking = Lock()

    def of(self, image: str, program: str, seccomp: str, context: ProbeContext) -> Observation:
        """Return the observation of `program` in a container of `image` under the profile text `seccomp`.

        Raises:
            EngineError: the engine failed.
        """
        key = (image, seccomp)
        with self._looking:
            if key not in self._seen:
                context = replace(context, profile=lambda _: seccomp)
                probe = ContainerProbe(ContainerSpec(image=image, command=(program,)))
                self._seen[key] = observe(probe, context, MACHINE.stretched(START_TIMEOUT))
            return self._seen[key]


class StandardMutants:
    """Tries the standard mutants of one lab's checks on its stage; work shared by checks is done once."""

    def __init__(self, stage: Stage, refusals: Refusals) -> None:
        self._stage = stage
        self._refusals = refusals
        self._executed: dict[str, Observation | None] = {}

    def trials(self, check: Check) -> Iterator[Trial]:
        """Try each standard mutant that fits the check's probe.

        Raises:
            EngineError: the engine failed.
        """
        check = replace(check, retry=Retry())
        match what_runs(check.probe):
            case ContainerProbe(spec):
                yield from self._containers(check, spec)
            case ExecProbe(container, argv):
                if (seen := self._exec(container)) is not None:
                    yield Trial(_absent(argv[0]), judge(check, seen))
            case HostProbe(argv):
                seen = Observation(exit=127, output=f"{argv[0]}: No such file or directory")
                yield Trial(_absent(argv[0]), judge(check, seen))
                for name in files_named(argv[1:]):
                    if self._has(name):
                        yield from self._files(check, name)
            case ProfileProbe(file=name) | FileProbe(name):
                yield from self._files(check, name)
            case TranscriptProbe(target, command):
                yield from self._typed(check, target, command)
            case EngineProbe() | TraceProbe():
                return
            case kind:
                assert_never(kind)

    def together(self, checks: Sequence[Check], name: str) -> Iterator[Trial]:
        """For each useless profile, yield the first outcome that is not a pass among `checks`, which read `name`.

        A single check may pass under such a profile; a step's checks together must not, unless they require it.
        """
        wanted = any(check.expect.started is False for check in checks)
        for where, text in _PROFILES.items():
            if wanted and text == _DENY_ALL:
                continue
            with self._with_file(name, text) as side:
                outcomes = (evaluate(replace(check, retry=Retry()), side.probe_context) for check in checks)
                failed = (outcome for outcome in outcomes if not isinstance(outcome, Passed))
                yield Trial(f"{name} {where}", next(failed, Passed()))

    def _containers(self, check: Check, spec: ContainerSpec) -> Iterator[Trial]:
        if spec.seccomp not in {"", "unconfined"}:
            for where in ("is empty", "is not JSON"):
                seen = self._refusals.of(spec.image, "true", _FILES[where] or " ", self._stage.probe_context)
                yield Trial(f"{spec.seccomp} {where}", judge(check, seen))
        seen = self._refusals.of(spec.image, f"{_NO_FOLDER}/program", "unconfined", self._stage.probe_context)
        yield Trial(_absent((*spec.entrypoint, *spec.command)[0]), judge(check, seen))

    def _exec(self, name: str) -> Observation | None:
        """The observation of a program that the container lacks; None if the engine answers with an error."""
        if name not in self._executed:
            self._executed[name] = None
            try:
                context = self._stage.probe_context
                self._executed[name] = observe(
                    ExecProbe(name, (f"{_NO_FOLDER}/program",)), context, MACHINE.stretched(START_TIMEOUT)
                )
            except (ContainerGone, EngineUnavailable):
                raise
            except EngineError:
                pass
        return self._executed[name]

    def _has(self, word: str) -> bool:
        """True if a word of a command names a file of the workspace: no other file may be changed, or removed."""
        try:
            return is_file(self._stage.workspace.path(word))
        except UsageError:
            return False

    def _files(self, check: Check, name: str) -> Iterator[Trial]:
        for where, text in _FILES.items():
            if where == "is not JSON" and not name.endswith(".json"):
                continue
            if text is None and not (self._stage.workspace.root / name).exists():
                continue  # The step leaves it that way.
            with self._with_file(name, text) as side:
                yield Trial(f"{name} {where}", evaluate(check, side.probe_context))

    def _typed(self, check: Check, target: str, command: str) -> Iterator[Trial]:
        typed = self._stage.probe_context.typed.get(target, ())
        found = next((part for finished in reversed(typed) if (part := meant(command, finished))), None)
        if found is None:
            return
        program = found.text.split()[0]
        missing = CommandFinished(found.text, f"sh: {program}: not found\n", 127, 0.0, 0.0)
        yield Trial(f"there is no {program}", self._judge_typed(check, target, missing, self._stage))
        line = docker_run(found.text) if target == HOST else None
        if line is None or dict(line.options).get("tty"):
            return
        words = ("env", f"DOCKER_HOST={_NO_ENGINE}", *line.words)
        yield self._docker(check, "the engine does not answer", line.words, self._stage, run=words)
        image = line.words[line.image]
        without = line.with_image(f"{image.partition(':')[0]}:{_NO_TAG}")
        yield self._docker(check, f"there is no image {image}", without, self._stage)
        if line.words[line.image + 1 :]:
            program = line.words[line.image + 1].rpartition("/")[2]
            without = line.with_program(f"{_NO_FOLDER}/{program}")
            yield self._docker(check, f"{program} is not in the image", without, self._stage)
        profile = line.spec.seccomp
        if self._has(profile):
            for where, text in _FILES.items():
                with self._with_file(profile, text) as side:
                    yield self._docker(check, f"{profile} {where}", line.words, side)

    def _docker(
        self, check: Check, where: str, words: Sequence[str], stage: Stage, *, run: Sequence[str] = ()
    ) -> Trial:
        """Run a docker command in the workspace and judge it as if the learner had typed it."""
        done = stage.probe_context.host(run or words, MACHINE.stretched(START_TIMEOUT))
        finished = CommandFinished(shlex.join(words), done.output, done.status, 0.0, 0.0)
        return Trial(where, self._judge_typed(check, HOST, finished, stage))

    def _judge_typed(self, check: Check, target: str, finished: CommandFinished, stage: Stage) -> Outcome:
        return evaluate(check, replace(stage.probe_context, typed={target: [finished]}))

    @contextmanager
    def _with_file(self, name: str, text: str | None) -> Iterator[Stage]:
        """A stage whose workspace has this file, or lacks it."""
        side = self._stage.fork(self._stage.workspace.copy())
        try:
            if text is None:
                with suppress(FileNotFoundError):
                    side.workspace.path(name).unlink()
            else:
                side.workspace.write(name, text)
            yield side
        finally:
            side.close()


def _absent(program: str) -> str:
    return f"there is no program {program}"


def judged(trial: Trial, check: Check) -> Outcome | None:
    """The fault of the check that a trial shows; None if the check failed, as it must."""
    match trial.outcome:
        case Failed():
            return None
        case Passed(observed):
            return Failed(
                expected=f"{check.id!r} fails where {trial.where}",
                actual=f"the check passed: {observed or 'every check of the step did'}",
                at=check.span,
            )
    return trial.outcome
