"""The enclosure of the class's own programs: no privileges, no network, and only the class's files."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import runner
from runner.box.resources import IDS, ClassResources
from runner.engine.private import daemon_root, namespaces
from runner.engine.private.cgroup import EngineCgroup, Limits
from runner.engine.private.namespaces import Enclosed

_LIMITS = Limits(memory=2 * 2**30, pids=500)


def enclosed(
    resources: ClassResources,
    group: EngineCgroup,
    words: Iterable[str],
    *,
    readable: Mapping[Path, Path],
    writable: Mapping[Path, Path],
    descriptors: Mapping[int, int],
    settle: Callable[[], None] = lambda: None,
    variables: Mapping[str, str] | None = None,
) -> Enclosed:
    """Start a Python module with its arguments, `words`, as the class's own user; the first of `writable` is its home.

    Raises:
        EngineError: the enclosure cannot be set up.
    """
    owner, home = resources.gateway_id, next(iter(writable))
    group.divide(_LIMITS, owner=owner)

    def arrange() -> None:
        group.confine()
        daemon_root.build(
            resources.run / "mounts/gateway",
            owner=owner,
            programs=(),
            readable=readable,
            writable=writable,
            groups=group,
            home=str(home),
        )

    def settled() -> None:
        os.chdir(home)
        settle()

    return namespaces.start(
        [sys.executable, "-m", *words],
        ids=f"0 {owner} {IDS}\n",
        arrange=arrange,
        settle=settled,
        environment={
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(Path(runner.__file__).resolve().parent.parent),
            **(variables or {}),
        },
        descriptors=descriptors,
        own_groups=True,
    )
