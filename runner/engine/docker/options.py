"""Builds the body of the engine's create request from a container's definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.lab.model.container import ContainerSpec

_LOG = {"Type": "json-file", "Config": {"max-size": "4m", "max-file": "1"}}
"""Enough to attach late; a program that prints endlessly must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that the engine can enforce with cgroups."""

    pids: bool
    memory: bool
    swap: bool


def create_body(
    spec: ContainerSpec,
    *,
    image: str,
    seccomp: str,
    labels: Mapping[str, str],
    limits: Limits,
    podman: bool = False,
) -> dict[str, Any]:
    """The JSON of `POST /containers/create`.

    No network means a container without libnetwork's help (`NetworkDisabled`), which starts in half the time; Podman
    does not support that and gets the mode `none`.
    """
    offline = spec.network_mode == "none"
    return {
        "Image": image,
        "Cmd": list(spec.command) or None,
        "Entrypoint": list(spec.entrypoint) or None,
        "Env": [f"{key}={value}" for key, value in spec.environment.items()],
        "User": spec.user,
        "WorkingDir": spec.working_dir,
        "Hostname": spec.hostname,
        "Tty": spec.tty,
        "OpenStdin": spec.tty,
        "AttachStdin": spec.tty,
        "AttachStdout": True,
        "AttachStderr": True,
        "Labels": dict(labels),
        "NetworkDisabled": offline,
        "HostConfig": {
            "CapAdd": list(spec.cap_add),
            "CapDrop": list(spec.cap_drop),
            "SecurityOpt": security_options(spec, seccomp),
            "NetworkMode": "default" if offline and not podman else spec.network_mode,
            "Tmpfs": dict(_mount(entry) for entry in spec.tmpfs),
            "ReadonlyRootfs": spec.read_only,
            "Privileged": spec.privileged,
            "Init": spec.init,
            "LogConfig": _LOG,
            **_bounds(spec, limits),
        },
    }


def security_options(spec: ContainerSpec, seccomp: str) -> list[str]:
    """The definition's options with its `seccomp=PATH` replaced by the content of that file."""
    others = [option for option in spec.security_opt if option.partition("=")[0] != "seccomp"]
    return [*others, f"seccomp={seccomp}"] if seccomp else others


def _bounds(spec: ContainerSpec, limits: Limits) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    if limits.memory:
        bounds["Memory"] = spec.mem_limit
    if limits.memory and limits.swap:
        bounds["MemorySwap"] = spec.mem_limit
    if limits.pids:
        bounds["PidsLimit"] = spec.pids_limit
    # Without cgroups the kernel still counts processes by user and user namespace, and each process's data.
    ulimits = ([] if limits.pids else [("nproc", spec.shared_pids_limit)]) + (
        [] if limits.memory else [("data", spec.mem_limit)]
    )
    if ulimits:
        bounds["Ulimits"] = [{"Name": name, "Soft": most, "Hard": most} for name, most in ulimits]
    return bounds


def _mount(entry: str) -> tuple[str, str]:
    path, _, options = entry.partition(":")
    return path, options
