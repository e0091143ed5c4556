"""From a `seccomp=` option as a lab writes it to what an engine may safely be given."""

from runner.check.bench import NotThere
from runner.engine.api import EngineInfo, StartRefused
from runner.errors import UsageError
from runner.profile.lint import start_hazards
from runner.profile.model import Target
from runner.profile.reader import read_profile
from runner.session.workspace import Workspace


def seccomp_option(option: str, workspace: Workspace, engine: EngineInfo) -> str:
    """The JSON content of the profile `option`; `unconfined` and "" (the engine's default) stay as they are.

    A profile that Docker cannot read is passed on: the engine's own refusal is what the learner should see.

    Raises:
        NotThere: the workspace has no such file.
        StartRefused: starting a container with it could hang the engine.
    """
    if option in {"", "unconfined"}:
        return option
    try:
        content = workspace.path(option).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotThere(f"the workspace has no profile {option!r}") from error
    try:
        reading = read_profile(content)
    except UsageError:
        return content
    hazards = start_hazards(reading.profile, Target(arch=engine.arch))
    if hazards:
        raise StartRefused(f"{option} was not tried, since it could hang the engine: {hazards[0]}")
    return content
