"""A container as a lab defines it, with keys named as in a Compose service."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

_PIDS_BESIDE = 1024
"""Room for an engine's threads and for other containers, each of which needs some dozen besides its programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerSpec:
    """The settings of a container: image, command and confinement.

    `security_opt` holds `key=value` options as Docker takes them; `seccomp=PATH` names a profile in the learner's
    workspace, `seccomp=unconfined` means none. `mem_limit` is in bytes. There is no stop signal:
    the workshop's containers are removed, never stopped.
    """

    image: str = "lab"
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    network_mode: str = "none"
    user: str = ""
    working_dir: str = ""
    hostname: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    tmpfs: tuple[str, ...] = ()
    read_only: bool = False
    init: bool = False
    privileged: bool = False
    tty: bool = False
    pids_limit: int = 256
    mem_limit: int = 256 * 2**20

    @property
    def seccomp(self) -> str:
        """The value of the `seccomp` option: a path, `unconfined`, or "" for the engine's default profile."""
        return _options(self.security_opt).get("seccomp", "")

    @property
    def shared_pids_limit(self) -> int:
        """`pids_limit` where the kernel counts a user's containers together, and the engine's threads with them."""
        return self.pids_limit + _PIDS_BESIDE

    def overridden(self, changes: Mapping[str, Any]) -> "ContainerSpec":
        """This container with `changes` applied.

        A security option replaces the one with its name; other settings are replaced as a whole.
        """
        merged = dict(changes)
        if "security_opt" in merged:
            options = _options(self.security_opt) | _options(merged["security_opt"])
            merged["security_opt"] = tuple(
                f"{key}={value}" if value else key for key, value in options.items()
            )
        return replace(self, **merged)

    def docker_run(self, *, name: str = "") -> str:
        """The `docker run` line with which a learner would start the same container."""
        repeated = {
            "--cap-add": self.cap_add,
            "--cap-drop": self.cap_drop,
            "--security-opt": self.security_opt,
            "--tmpfs": self.tmpfs,
        }
        single = {
            "--network": self.network_mode,
            "--user": self.user,
            "--workdir": self.working_dir,
            "--hostname": self.hostname,
        }
        switches = {"--read-only": self.read_only, "--init": self.init, "--privileged": self.privileged}
        words = ["docker", "run", "--rm"]
        words += ["-it"] if self.tty else []
        words += ["--name", name] if name else []
        words += [word for flag, values in repeated.items() for value in values for word in (flag, value)]
        words += [word for flag, value in single.items() if value for word in (flag, value)]
        words += [word for key, value in self.environment.items() for word in ("--env", f"{key}={value}")]
        words += [flag for flag, given in switches.items() if given]
        words += ["--entrypoint", self.entrypoint[0]] if self.entrypoint else []
        return shlex.join([*words, self.image, *self.entrypoint[1:], *self.command])


KEYS = tuple(item.name for item in fields(ContainerSpec))


def _options(security_opt: Iterable[str]) -> dict[str, str]:
    return {key: value for key, _, value in (option.partition("=") for option in security_opt)}
