"""An engine's description, from its version and info."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runner.engine.api import EngineInfo
from runner.engine.docker import podman
from runner.engine.docker.client import Client, engine_errors
from runner.engine.docker.options import Limits

_MACHINE_NAME = re.compile(
    r"(lima-|colima(-|$)|docker[- ]desktop$|orbstack$|rancher[- ]desktop)", re.IGNORECASE
)
_MACHINE_SOCKET = re.compile(r"unix://.*/(\.docker/desktop|\.?colima|\.rd|\.orbstack|\.lima|podman/machine)/")


@dataclass(frozen=True, slots=True)
class Description:
    """An engine's self-description, with the limits that it can enforce."""

    info: EngineInfo
    limits: Limits

    @property
    def podman(self) -> bool:
        """True if it is Podman behind Docker's API."""
        return self.info.name == podman.NAME


def describe(client: Client, *, ours: bool = False) -> Description:
    """Ask the engine for its description; `ours` is the private one, which isolates containers even if it does not
    report so.

    Raises:
        EngineUnavailable, EngineTimeout: it does not answer.
    """
    with engine_errors("cannot ask for the engine's description", client.endpoint):
        version: dict[str, Any] = client.version()
        info: dict[str, Any] = client.info()
        networks: list[dict[str, Any]] = client.networks()
    found = engine_info(version, info, client.endpoint)
    # If an ordinary user's engine may limit containers, it runs in a user namespace without knowing.
    kind = "rootless" if ours and found.isolation == "none" and os.geteuid() else found.isolation
    return Description(
        info=replace(
            found,
            isolation=kind,
            # Without IP forwarding, docker warns about every container with a network, in the middle of
            # programs' output.
            default_network=leads_anywhere(networks) or info.get("IPv4Forwarding") is False,
            pulls=not ours,
            connection=client.tls.environment if client.tls else {},
        ),
        limits=Limits(
            pids=bool(info.get("PidsLimit")),
            memory=bool(info.get("MemoryLimit")),
            swap=bool(info.get("SwapLimit")),
        ),
    )


def engine_info(version: Mapping[str, Any], info: Mapping[str, Any], endpoint: str) -> EngineInfo:
    """The self-description from the answers to `GET /version` and `GET /info`."""
    options = info.get("SecurityOptions") or ()
    runtime = str(info.get("DefaultRuntime") or "runc")
    release = str(version.get("KernelVersion") or info.get("KernelVersion") or "")
    components = {str(part.get("Name")): str(part.get("Version")) for part in version.get("Components") or ()}
    return EngineInfo(
        name=podman.NAME if any("podman" in name.lower() for name in components) else "Docker",
        version=str(version.get("Version", "")),
        runtime=runtime,
        runtime_version=_first_version(components.get(runtime, "")),
        arch=str(version.get("Arch", "")),
        kernel=_kernel(release),
        isolation=isolation(
            options, apart=release not in {"", os.uname().release} and _is_local_machine(info, endpoint)
        ),
        endpoint=endpoint,
        seccomp=any(option.startswith("name=seccomp") for option in options),
        default_profile=default_profile(options),
        bounded=bool(info.get("PidsLimit") and info.get("MemoryLimit")),
    )


def leads_anywhere(networks: Iterable[Mapping[str, Any]]) -> bool:
    """True if a container gets a usable network by default: not if there are only `none` and `host` networks."""
    return any(network.get("Driver") not in {"null", "host"} for network in networks)


def _is_local_machine(info: Mapping[str, Any], endpoint: str) -> bool:
    """True if the engine, or the path of its socket, names a program that runs virtual machines on this machine.

    Another kernel alone says less: the socket may be forwarded from a machine far away.
    """
    said = (str(info.get("Name") or ""), str(info.get("OperatingSystem") or ""))
    return any(map(_MACHINE_NAME.match, said)) or bool(_MACHINE_SOCKET.match(endpoint))


def default_profile(security_options: Iterable[str]) -> str:
    """The configured default profile; "" for the engine's own, which is `builtin`, and `default` before Engine 23."""
    for option in security_options:
        name, _, profile = str(option).partition(",profile=")
        if name == "name=seccomp":
            return "" if profile in {"builtin", "default"} else profile
    return ""


def isolation(security_options: Any, *, apart: bool) -> str:
    """The isolation of the engine's containers from this machine: `rootless`, `user-namespace`, `vm` or `none`.

    `apart` is an engine with another kernel that a program for virtual machines runs on this machine.
    """
    names = {str(option).split(",")[0] for option in security_options}
    if "name=rootless" in names:
        return "rootless"
    if "name=userns" in names:
        return "user-namespace"
    return "vm" if apart else "none"


def _kernel(release: str) -> str:
    found = re.match(r"\d+\.\d+", release)
    return found[0] if found else release


def _first_version(text: str) -> str:
    found = re.search(r"\d+(\.\d+)+", text)
    return found[0] if found else text
