"""A running engine's default profile, read from the object that it hands to the runtime."""

from typing import TYPE_CHECKING

from runner.errors import EngineError, UsageError
from runner.pace import MACHINE
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.model import OciSeccomp, Target
from runner.profile.source.oci import read_oci

if TYPE_CHECKING:
    from runner.engine.docker.engine import DockerEngine

_SECONDS = 60.0


def engine_default(target: Target, endpoint: str | None) -> OciSeccomp | None:
    """Return the object that the engine hands to the runtime for a container with `target`'s capabilities and no
    profile.

    Raises:
        EngineError: there is no engine, or its runtime's files are out of reach.
        UsageError: `target` has another architecture than the engine.
    """
    from runner.engine.discovery import EngineChoice, open_engine
    from runner.engine.image.provide import provide
    from runner.stage.environment import new_session

    # The engine is only read from, and runs nothing of the learner's, so a rootful one needs no consent.
    with open_engine(
        EngineChoice(engine=endpoint or "auto", consent=True), new_session(), print_nothing
    ) as engine:
        if engine.info.arch != target.arch:
            raise UsageError(
                f"the engine runs on {engine.info.arch}, not on {target.arch}",
                remedy=f"compare for --arch {engine.info.arch}",
            )
        provide(engine.client, ["lab"], print_nothing)
        return started_with(engine, target.caps, "")


def started_with(engine: "DockerEngine", caps: frozenset[str], seccomp: str) -> OciSeccomp | None:
    """The OCI object of a container that is started with these capabilities and a profile's JSON content."""
    from runner.lab.model.container import ContainerSpec

    cap_add = ("ALL",) if caps == ALL_CAPABILITIES else tuple(sorted(caps))
    spec = ContainerSpec(
        command=("sleep", "60"), cap_drop=() if cap_add == ("ALL",) else ("ALL",), cap_add=cap_add
    )
    container = engine.start(spec, seccomp=seccomp, timeout=MACHINE.stretched(_SECONDS))
    try:
        return read_oci(_config(container.id))
    finally:
        container.remove()


def print_nothing(_: str) -> None:
    """Discard a progress message."""


def _config(container: str) -> str:
    """The text of the configuration that the container's runtime got."""
    from runner.engine.processes import bundles

    for bundle in bundles(container):
        try:
            return (bundle / "config.json").read_text(encoding="utf-8")
        except OSError:
            continue
    raise EngineError(
        "the files that the engine hands to its runtime are out of reach",
        remedy="run this as root on the engine's machine, or with --engine private",
    )
