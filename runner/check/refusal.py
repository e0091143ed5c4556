"""Finds the reason why a container did not start."""

from dataclasses import replace

from runner.check.context import ProbeContext
from runner.engine.api import NotTried, StartRefused
from runner.errors import EngineError
from runner.lab.model.check import Refused
from runner.lab.model.container import ContainerSpec
from runner.lab.model.images import LAB
from runner.language import tr


def why_refused(
    spec: ContainerSpec, seccomp: str, refusal: StartRefused, context: ProbeContext, timeout: float
) -> Refused:
    """Find why the start of `spec` under the profile text `seccomp` was refused, by starting it without a profile.

    Messages are ignored: they differ between runtimes, and hardly ever name seccomp.

    Raises:
        EngineError: the engine starts no container at all, or does not answer.
    """
    if isinstance(refusal, NotTried):
        return Refused.HAZARD
    filtered = seccomp not in {"", "unconfined"}
    if filtered and context.unusable(spec, seccomp):
        return Refused.PROFILE
    if filtered and _starts(spec, context, timeout):
        return Refused.FILTER
    plain = ContainerSpec(image=LAB, command=("true",))
    if spec.image == LAB and not _starts(plain, context, timeout):
        raise EngineError(
            tr("the engine starts no container at all: {refusal}", refusal=refusal),
            remedy=tr("run `workshop doctor`; is there room on the engine's disk?"),
        )
    return Refused.OTHER


def _starts(spec: ContainerSpec, context: ProbeContext, timeout: float) -> bool:
    try:
        container = context.engine.start(replace(spec, tty=False), seccomp="unconfined", timeout=timeout)
    except StartRefused:
        return False
    container.remove()
    return True
