"""What an engine is and can do, from its version and info."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.engine.api import EngineInfo
from runner.engine.docker import podman
from runner.engine.docker.client import Client, engine_errors
from runner.engine.docker.options import Limits


@dataclass(frozen=True, slots=True)
class Description:
    """An engine's self-description, with the limits that it can enforce."""

    info: EngineInfo
    limits: Limits

    @property
    def podman(self) -> bool:
        return self.info.name == podman.NAME


def describe(client: Client) -> Description:
    """Ask the engine what it is.

    Raises:
        EngineUnavailable, EngineTimeout: it does not answer.
    """
    with engine_errors("cannot ask what the engine is", client.endpoint):
        version: dict[str, Any] = client.version()
        info: dict[str, Any] = client.info()
    return Description(
        info=engine_info(version, info, client.endpoint),
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
    components = {str(part.get("Name")): str(part.get("Version")) for part in version.get("Components") or ()}
    return EngineInfo(
        name=podman.NAME if any("podman" in name.lower() for name in components) else "Docker",
        version=str(version.get("Version", "")),
        runtime=runtime,
        runtime_version=_first_version(components.get(runtime, "")),
        arch=str(version.get("Arch", "")),
        kernel=_kernel(str(version.get("KernelVersion") or info.get("KernelVersion") or "")),
        isolation=isolation(options, str(info.get("OperatingSystem", ""))),
        endpoint=endpoint,
        seccomp=any(option.startswith("name=seccomp") for option in options),
        bounded=bool(info.get("PidsLimit") and info.get("MemoryLimit")),
    )


def isolation(security_options: Any, operating_system: str) -> str:
    """How the engine's containers are kept from the host: `rootless`, `user-namespace`, `vm` or `none`."""
    names = {str(option).split(",")[0] for option in security_options}
    if "name=rootless" in names:
        return "rootless"
    if "name=userns" in names:
        return "user-namespace"
    return "vm" if "Docker Desktop" in operating_system else "none"


def _kernel(release: str) -> str:
    found = re.match(r"\d+\.\d+", release)
    return found[0] if found else release


def _first_version(text: str) -> str:
    found = re.search(r"\d+(\.\d+)+", text)
    return found[0] if found else text
