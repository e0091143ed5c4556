"""From a container's `seccomp=` option as a lab writes it to what an engine may safely be given."""

from runner.check.context import learner_text
from runner.engine.api import EngineInfo, StartRefused
from runner.errors import UsageError
from runner.lab.model.container import ContainerSpec
from runner.profile.capabilities import container_capabilities
from runner.profile.lint import start_hazards
from runner.profile.model import Target
from runner.profile.source.reader import read_profile
from runner.profile.version import Version
from runner.stage.workspace import Workspace


def seccomp_option(spec: ContainerSpec, workspace: Workspace, engine: EngineInfo) -> str:
    """The JSON content of the profile that `spec` names; `unconfined` and "" (the engine's default) stay as they are.

    A profile that Docker cannot read is passed on: the engine's own refusal is what the learner should see.

    Raises:
        NotThere: the workspace has no such file.
        UsageError: the file would be outside the workspace.
        StartRefused: starting a container with it could hang the engine.
    """
    option = spec.seccomp
    if option in {"", "unconfined"}:
        return option
    workspace.path(option)
    content = learner_text(workspace.root, option)
    try:
        reading = read_profile(content)
    except UsageError:
        return content
    hazards = start_hazards(reading.profile, _target(spec, engine))
    if hazards:
        raise StartRefused(f"{option} was not tried, since it could hang the engine: {hazards[0]}")
    return content


def _target(spec: ContainerSpec, engine: EngineInfo) -> Target:
    known = _version(engine.version) if engine.name == "Docker" else None
    caps = container_capabilities(spec.cap_add, spec.cap_drop, privileged=spec.privileged, engine=known)
    return Target(arch=engine.arch, caps=caps, kernel=engine.kernel_version, engine=known)


def _version(text: str) -> Version | None:
    try:
        return Version.of(text)
    except ValueError:  # a development build has no number
        return None
