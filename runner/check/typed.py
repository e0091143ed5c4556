"""The output of a command in a learner's terminal, and its exit status."""

import re
from collections.abc import Sequence
from dataclasses import replace

from runner.check.context import NotThere, ProbeContext
from runner.check.docker_run import docker_run
from runner.check.observation import Observation
from runner.check.refusal import why_refused
from runner.check.shell_line import Part, parts
from runner.engine.api import ImageMissing, StartRefused
from runner.errors import UsageError
from runner.lab.model.check import Refused
from runner.lab.model.workshop import HOST, console_name
from runner.language import tr
from runner.shell.recorder import CommandFinished

_FROM_ENGINE = "Error response from daemon:"
"""The prefix of docker's messages that come from the engine."""
_REFUSED = frozenset({125, 126, 127})


def typed(
    command: str, target: str, context: ProbeContext, timeout: float, *, blame: bool = True
) -> Observation:
    """Return the last command of the console `target` that matches the regular expression `command`.

    A line with other commands counts, too; the status is given if the shell reported it. With `blame`, a refused start
    is repeated to find the reason.

    Raises:
        NotThere: there is no such command yet.
        EngineError: the engine failed while a refused start was repeated.
    """
    for finished in reversed(context.typed.get(target, ())):
        part = meant(command, finished)
        if part is not None:
            seen = _observed(part, finished)
            refused = blame and target == HOST and seen.exit in _REFUSED and _FROM_ENGINE in seen.output
            why = _refused(part.text, context, timeout) if refused else ""
            return replace(seen, facts={"refused": (why,)}) if why else seen
    raise NotThere(
        tr("nothing like that has been done in {console_name} yet", console_name=console_name(target))
    )


def meant(command: str, finished: CommandFinished) -> Part | None:
    """The simple command of a line that matches `command`, or the whole line if only that matches."""
    found = matching(command, parts(finished.command, finished.status, finished.output, finished.pipeline))
    if found is None and re.search(command, finished.command):
        return Part(finished.command, finished.status)
    return found


def matching(command: str, among: Sequence[Part]) -> Part | None:
    """The last of the parts that the regular expression finds, whether its status is known or not."""
    found = [part for part in among if re.search(command, part.text)]
    return found[-1] if found else None


def _observed(part: Part, finished: CommandFinished) -> Observation:
    if part.status is None:
        why = tr(
            "`{command}` was typed together with something else: {why}. Type it by itself",
            command=_shortened(part.text),
            why=part.why,
        )
        return Observation(output=finished.output, unclear=why)
    return Observation(exit=part.status, output=finished.output)


def _refused(text: str, context: ProbeContext, timeout: float) -> str:
    """The reason why the container of a `docker run` line does not start, by trying again; "" if it starts."""
    line = docker_run(text)
    if line is None:
        return ""
    seccomp = ""
    try:
        seccomp = context.profile(line.spec)
        context.engine.start(line.spec, seccomp=seccomp, timeout=timeout).remove()
    except (NotThere, UsageError, ImageMissing):
        return Refused.OTHER
    except StartRefused as refusal:
        return why_refused(line.spec, seccomp, refusal, context, timeout)
    return ""


def _shortened(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[:limit]}…"
