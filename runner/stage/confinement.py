"""Resolves a container's `seccomp=` option, as a lab writes it, to a value that is safe for the engine."""

from dataclasses import replace
from functools import lru_cache

from runner.check.context import learner_text
from runner.engine.api import EngineInfo, NotTried
from runner.engine.profile_target import profile_target
from runner.errors import UsageError
from runner.lab.model.container import ContainerSpec
from runner.language import tr
from runner.profile.capabilities import container_capabilities
from runner.profile.finding import Severity
from runner.profile.model import Target
from runner.profile.source.reader import read_profile
from runner.stage.workspace import Workspace

_USABLE = frozenset({"runtime-base", "start-hang", "seccomp-off"})
"""Errors of profiles that the engine loads anyway."""


def seccomp_option(spec: ContainerSpec, workspace: Workspace, engine: EngineInfo) -> str:
    """The JSON content of the profile that `spec` names; `unconfined` and "" (the engine's default) stay as they are.

    A profile that Docker cannot read is passed on: the learner should see the engine's own refusal.

    Raises:
        NotThere: the workspace has no such file.
        UsageError: the file would be outside the workspace.
        NotTried: starting a container with it could hang the engine.
    """
    option = spec.seccomp
    if option in {"", "unconfined"}:
        return option
    workspace.path(option)
    # To the engine, an empty text would mean its default profile; a blank is refused as an empty file is.
    content = learner_text(workspace.root, option) or " "
    if hazard := _hazard(content, _target(spec, engine)):
        raise NotTried(
            tr(
                "{option} was not tried, since it could hang the engine: {hazard}",
                option=option,
                hazard=hazard,
            )
        )
    return content


@lru_cache(maxsize=32)
def _hazard(content: str, target: Target) -> str:
    """The way in which starting a container with the profile could hang the engine.

    "" if it could not, or is no profile.

    Cached: the same few profiles are started again and again, and reading a long one takes as long as the engine does.
    """
    from runner.profile.lint import start_hazards  # noqa: PLC0415 - slow to import, and not every lab has a profile

    try:
        profile = read_profile(content).profile
    except UsageError:
        return ""
    return next(map(str, start_hazards(profile, target)), "")


def unusable(spec: ContainerSpec, content: str, engine: EngineInfo) -> str:
    """The reason why the engine or its runtime cannot use the text `content` as the profile of `spec`; "" if it can."""
    from runner.profile.libseccomp import LibseccompMissingError  # noqa: PLC0415 - as above
    from runner.profile.lint import LintTarget, lint  # noqa: PLC0415 - as above
    from runner.profile.simulation import Simulation  # noqa: PLC0415 - as above

    try:
        reading = read_profile(content)
        target = _target(spec, engine)
        Simulation(reading.profile, target)
    except LibseccompMissingError:
        pass  # Then only what the rules below know is known.
    except UsageError as error:
        return str(error)
    where = LintTarget(
        arch=target.arch,
        engine=target.engine,
        runtime=target.runtime,
        kernel=target.kernel,
        caps=(target.caps,),
    )
    found = (finding for finding in lint(reading, where) if finding.severity is Severity.ERROR)
    return next((str(finding) for finding in found if finding.rule not in _USABLE), "")


def _target(spec: ContainerSpec, info: EngineInfo) -> Target:
    plain = profile_target(info, frozenset())
    caps = container_capabilities(
        spec.cap_add, spec.cap_drop, privileged=spec.privileged, engine=plain.engine
    )
    return replace(plain, caps=caps)
