"""The profile that a running engine uses by default, read from what it hands to the runtime."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from runner.errors import EngineError, UsageError
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.model import OciSeccomp, Target
from runner.profile.source.oci import read_oci

if TYPE_CHECKING:
    from runner.engine.docker.engine import DockerEngine

_BUNDLES = "io.containerd.runtime.v2.task/moby"
_SECONDS = 60.0


def engine_default(target: Target, endpoint: str | None) -> OciSeccomp | None:
    """What the engine hands to the runtime for a container with `target`'s capabilities and no profile of its own.

    Raises:
        EngineError: there is no engine, or its runtime's files are out of reach.
        UsageError: `target` is of another architecture than the engine.
    """
    from runner.engine.discovery import EngineChoice, open_engine
    from runner.engine.image.provide import provide
    from runner.stage.environment import new_session

    # The engine is only looked at: nothing of a learner's runs on it, so a rootful one needs no consent.
    with open_engine(
        EngineChoice(engine=endpoint or "auto", consent=True), new_session(), print_nothing
    ) as engine:
        if engine.info.arch != target.arch:
            raise UsageError(
                f"the engine runs on {engine.info.arch}, not on {target.arch}",
                remedy=f"compare for --arch {engine.info.arch}",
            )
        provide(engine.client, ["lab"], print_nothing)
        return started_with(engine, target.caps, "", exec_roots())


def started_with(
    engine: "DockerEngine", caps: frozenset[str], seccomp: str, roots: Iterable[Path]
) -> OciSeccomp | None:
    """The OCI object of a container that is started with these capabilities and a profile's JSON content."""
    from runner.lab.model.container import ContainerSpec

    cap_add = ("ALL",) if caps == ALL_CAPABILITIES else tuple(sorted(caps))
    spec = ContainerSpec(
        command=("sleep", "60"), cap_drop=() if cap_add == ("ALL",) else ("ALL",), cap_add=cap_add
    )
    container = engine.start(spec, seccomp=seccomp, timeout=_SECONDS)
    try:
        return read_oci(_config(container.id, roots))
    finally:
        container.remove()


def exec_roots() -> Iterable[Path]:
    """Where engines on this machine keep their containers' runtime configurations."""
    from runner.engine.private.places import Places

    yield Places.default().exec_root / "containerd/daemon"
    yield Path("/run/docker/containerd/daemon")
    yield Path("/run/containerd")
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime, "docker/containerd/daemon")


def print_nothing(_: str) -> None:
    """Progress nobody asked for."""


def _config(identity: str, roots: Iterable[Path]) -> str:
    for root in roots:
        path = root / _BUNDLES / identity / "config.json"
        try:
            return path.read_text(encoding="utf-8")
        except OSError:
            continue
    raise EngineError(
        "the files that the engine hands to its runtime are out of reach",
        remedy="run this as root on the engine's machine, or with --engine private",
    )
