"""Converts an engine's description of a container to our terms."""

from typing import Any

from runner.engine.api import ContainerState
from runner.engine.docker.podman import profile_content
from runner.profile.capabilities import short_name


def container_state(found: dict[str, Any]) -> ContainerState:
    """The state in the answer to `GET /containers/ID/json`."""
    host = found["HostConfig"]
    options = dict(_option(text) for text in host.get("SecurityOpt") or ())
    return ContainerState(
        running=found["State"]["Running"],
        exit_code=found["State"]["ExitCode"],
        seccomp=profile_content(options.get("seccomp", "")),
        apparmor=options.get("apparmor", found.get("AppArmorProfile") or ""),
        cap_add=tuple(short_name(name) for name in host.get("CapAdd") or ()),
        cap_drop=tuple(short_name(name) for name in host.get("CapDrop") or ()),
        privileged=host["Privileged"],
        network_mode="none" if found["Config"].get("NetworkDisabled") else host["NetworkMode"],
    )


def _option(text: str) -> tuple[str, str]:
    """A security option's name and value; Docker also takes the older form with a colon."""
    name, _, value = text.partition("=" if "=" in text else ":")
    return name, value
