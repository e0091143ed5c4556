"""Advice on a failed check that fits any lab: mistakes that a learner overlooks easily."""

import re
from contextlib import suppress

from runner.check.context import NotThere, ProbeContext, learner_text
from runner.check.docker_run import docker_run
from runner.check.docker_said import docker_said, may_be_dockers
from runner.check.observation import Observation
from runner.errors import EngineError, UsageError
from runner.lab.model.check import (
    Check,
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    FileProbe,
    ProfileProbe,
    TranscriptProbe,
    what_runs,
)
from runner.lab.model.workshop import HOST
from runner.language import tr
from runner.suggest import nearest

_NAMES = 3
"""The largest number of unknown names that are listed."""


def advice(check: Check, observed: Observation, context: ProbeContext) -> str:
    """A mistake that explains why `check` fails, in words; "" if none is found."""
    if _may_be_dockers(check, observed) and (
        said := docker_said(
            observed.output,
            context.workspace,
            context.engine.image_names,
            pulls=context.engine.info.pulls,
        )
    ):
        return said
    with suppress(NotThere, UsageError, EngineError):
        return _no_calls(_profile(check, context))
    return ""


def _may_be_dockers(check: Check, observed: Observation) -> bool:
    """True if the output may be docker's own, and not that of a program in a container or of another command."""
    if isinstance(check.probe, TranscriptProbe):
        return check.probe.target == HOST and may_be_dockers(observed.exit, observed.output)
    return observed.started is False


def _profile(check: Check, context: ProbeContext) -> str:
    """Return the text of the profile that a check is about, in the learner's version; "" if there is none.

    Raises:
        NotThere: the file is missing.
        EngineError: the engine does not give a container's profile.
    """
    match what_runs(check.probe):
        case ContainerProbe(spec):
            return _in_workspace(spec.seccomp, context)
        case ProfileProbe(file=name) | FileProbe(name):
            return _in_workspace(name, context)
        case ExecProbe(container=name) | EngineProbe(name):
            return context.containers[name].state().seccomp if name in context.containers else ""
        case TranscriptProbe(target, _) if target in context.containers:
            return context.containers[target].state().seccomp
        case TranscriptProbe(target, command) if target == HOST:
            typed = (finished.command for finished in reversed(context.typed.get(HOST, ())))
            line = next((docker_run(text) for text in typed if re.search(command, text)), None)
            return "" if line is None else _in_workspace(line.spec.seccomp, context)
    return ""


def _in_workspace(name: str, context: ProbeContext) -> str:
    return learner_text(context.workspace, name) if name.endswith(".json") else ""


def _no_calls(text: str) -> str:
    """The names in the profile `text` that are not system calls, in words; "" if there are none."""
    if not text.lstrip().startswith("{"):
        return ""
    from runner.profile.calls.groups import KNOWN  # noqa: PLC0415 - slow to import, and few looks need it
    from runner.profile.source.reader import read_profile  # noqa: PLC0415 - as above

    rules = read_profile(text).profile.rules
    unknown = dict.fromkeys(name for rule in rules for name in rule.names if name and name not in KNOWN)
    said = []
    for name in list(unknown)[:_NAMES]:
        near = nearest(name.strip().lower(), KNOWN)
        said.append(
            tr(
                "No system call is called {name}, so the profile does nothing for it. Did you mean {near}?",
                name=name[:40],
                near=near,
            )
            if near
            else tr(
                "No system call is called {name}, so the profile does nothing for it.",
                name=name[:40],
            )
        )
    return " ".join(said)
