"""The private engine's command line as root: dockerd in namespaces of its own, its containers in a user namespace."""

import sys
from pathlib import Path

from runner.engine.packaging import require
from runner.engine.private import enclosure
from runner.engine.private.places import Places
from runner.engine.programs import find

PROGRAMS = ("dockerd", "containerd", "runc")


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """What the supervisor executes.

    Its own network namespace is what makes `--bridge=none` safe: in the host's it would delete the host's `docker0`.
    Its own pid namespace makes everything end with its first process, which `docker-init` is, to reap the shims.

    Raises:
        EngineError: a program is missing.
    """
    init = find("docker-init") or find("tini")
    return [
        require("unshare"),
        *("--mount", "--net", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"),
        *("--propagation", "slave"),
        *enclosed(places, "--remap"),
        *([init, "--"] if init else []),
        *daemon(places),
        "--userns-remap=default",
        f"--cgroup-parent={cgroup_parent}",
    ]


def enclosed(places: Places, *options: str) -> list[str]:
    """The program that hides the host's engines from what follows, once it runs in namespaces of its own."""
    # The folders must be there before anything is laid over the ones they are in.
    kept = [f"--keep={folder}" for folder in (places.data, places.runtime)]
    return [sys.executable, "-I", str(Path(enclosure.__file__)), *kept, *options, "--"]


def daemon(places: Places) -> list[str]:
    """The daemon with the options that both ways of starting have in common.

    Raises:
        EngineError: a program is missing.
    """
    for program in PROGRAMS:
        require(program)
    return [
        require("dockerd"),
        f"--host={places.endpoint}",
        f"--data-root={places.docker_data}",
        f"--exec-root={places.exec_root}",
        f"--pidfile={places.runtime / 'docker.pid'}",
        f"--config-file={configuration(places.runtime)}",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        # Nothing is published without a bridge, so nobody need have docker-proxy.
        "--userland-proxy=false",
        # systemd, where it runs, counts in the host's pid namespace.
        "--exec-opt=native.cgroupdriver=cgroupfs",
        "--log-driver=json-file",
        "--log-opt=max-size=4m",
    ]


def configuration(runtime: Path) -> Path:
    """The configuration file, which must exist so that the host's is not read; it holds nothing."""
    return runtime / "daemon.json"
