"""A container created from the words of `docker run`, held at a gate until it is traced."""

import base64
import io
import json
import os
import posixpath
import re
import secrets
import shlex
import subprocess
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from docker.errors import APIError

from runner.engine.api import ContainerState, EngineInfo
from runner.engine.docker import podman
from runner.engine.docker.client import Client, engine_errors
from runner.engine.docker.gate import FOLDER, PROGRAM, packed_gate
from runner.engine.docker.launching import launch_attached
from runner.engine.docker.removal import remove
from runner.engine.docker.session import EngineSession
from runner.engine.docker.state import container_state
from runner.engine.docker.streams import Hijacked
from runner.engine.image_names import meant, plain
from runner.engine.owner import label_options
from runner.errors import EngineError, UsageError
from runner.pace import MACHINE

_START_SECONDS = 30.0
_STOP_SLACK = 30.0
"""Seconds that the engine may take to stop a workload after the workload's own time, on a usual machine."""
_KNOWN = 5.0
"""Seconds that an engine may take to learn of a program's end."""
_PAUSE = 0.05
_ENDED = frozenset({"exited", "stopped"})
"""The states of a container whose program has ended; Podman's is `stopped` until it has cleaned up."""
_MOST_LINKS = 10
_LARGEST_FILE = 256 << 20
# The bits of a file's mode in Go's form, which the engine's API uses.
_GO_LINK, _GO_FOLDER, _EXECUTABLE = 1 << 27, 1 << 31, 0o111
_NO_PROGRAM = "docker: no command is given, and the image has none of its own"
_UNNAMED = "workshop-unnamed-"


@dataclass(frozen=True, slots=True)
class Described:
    """The request that creates the workload, and its name if it has one."""

    body: Mapping[str, Any]
    name: str


class Workload:
    """A container whose program has not begun; call `start`, then let a `Sidecar` trace it and open its gate.

    It has the session's labels, so it is removed with the session, or earlier with `remove`.
    """

    def __init__(self, client: Client, identity: str, image: str, *, tty: bool, stdin: bool) -> None:
        self._client = client
        self._image = image
        self.id = identity
        self.tty = tty
        self.stdin = stdin

    def start(self, seconds: float | None = None) -> Hijacked:
        """Start the container within `seconds`, and return the connection to its terminal, or to its framed output.

        Raises:
            StartRefused: the runtime could not start it, under this profile or at all.
            EngineTimeout: the runtime hung, and was killed.
        """
        limit = seconds or MACHINE.stretched(_START_SECONDS)
        return launch_attached(self._client, self.id, self._image, limit, stdin=self.stdin)

    def state(self) -> ContainerState:
        """Its confinement, and whether it runs."""
        with engine_errors("cannot look at the workload", self._client.endpoint):
            return container_state(self._client.inspect_container(self.id))

    def status(self) -> int | None:
        """The program's exit status; None while it runs, or if it never began."""
        with engine_errors("cannot look at the workload", self._client.endpoint):
            state = self._client.inspect_container(self.id)["State"]
        return int(state["ExitCode"]) if state["Status"] in _ENDED else None

    def status_at_end(self) -> int | None:
        """The exit status of a program that has ended, once the engine knows; None if it runs on all the same."""
        deadline = time.monotonic() + MACHINE.stretched(_KNOWN)
        while (status := self.status()) is None and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        return status

    def stop(self, seconds: float) -> None:
        """Ask the program to end as `docker stop` does, and kill it if it has not after `seconds`."""
        client = self._client
        with (
            engine_errors("cannot stop the workload", client.endpoint),
            client.within(MACHINE.stretched(seconds + _STOP_SLACK)),
        ):
            client.stop(self.id, timeout=int(seconds))

    def file(self, path: str) -> bytes:
        """A file's content, with links followed; empty if there is no such file, or it is too large."""
        client = self._client
        for _ in range(_MOST_LINKS):
            try:
                with engine_errors(f"cannot read {path}", client.endpoint):
                    stream, told = client.get_archive(self.id, path)
                    if told["size"] > _LARGEST_FILE:
                        return b""
                    packed = b"".join(stream)
            except EngineError:
                return b""
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                member = archive.getmembers()[0]
                if not member.issym():
                    content = archive.extractfile(member)
                    return content.read() if content else b""
            path = posixpath.join(posixpath.dirname(path), member.linkname)
        return b""

    def resize(self, columns: int, rows: int) -> None:
        """Set the program's terminal size; ignored if the program has just ended."""
        with suppress(APIError):
            self._client.resize(self.id, rows, columns)

    def remove(self) -> None:
        """Kill and remove it, with the gate's volume."""
        remove(self._client, self.id)


def prepared(
    session: EngineSession, words: Sequence[str], docker: str, *, seccomp: str | None = None
) -> Workload:
    """Create a workload from the words after `docker run`, as docker's own command `docker` parses them.

    `seccomp` is a profile's JSON content, `unconfined`, or "" (the default), and replaces the one in the words.

    Raises:
        UsageError: docker refuses the words, or the program is not in the image.
    """
    if session.info.name == podman.NAME:
        words, named = podman.without_profile(words)
        seccomp = named if seccomp is None else seccomp
    return gated(session, _created(session, words, docker), seccomp=seccomp)


def gated(session: EngineSession, template: str, *, seccomp: str | None = None) -> Workload:
    """Create a workload that replaces `template`, the id of a container that was created and never started.

    Raises:
        UsageError: its program is not in the image.
    """
    client = session.client
    try:
        described = _described(session, template, seccomp)
    finally:
        remove(client, template)
    with engine_errors("cannot create the workload", client.endpoint):
        try:
            identity = session.create(described.body, described.name)
            client.put_archive(identity, FOLDER, packed_gate(session.info.arch))
        except APIError as error:
            raise EngineError(f"cannot create the workload: {error.explanation}") from error
    body = described.body
    return Workload(client, identity, body["Image"], tty=body["Tty"], stdin=body["OpenStdin"])


def _created(session: EngineSession, words: Sequence[str], docker: str) -> str:
    """Let docker's own command create a container from the words, which is never started; return its id."""
    labels = label_options(session.labels)
    environment = os.environ | session.info.docker_variables | {"DOCKER_CLI_HINTS": "false"}
    done = subprocess.run(
        # A name in the words comes later, and so has precedence.
        [docker, "create", *labels, "--name", f"{_UNNAMED}{secrets.token_hex(6)}", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout.split()[-1]
    raise refused(session.info, done.stderr, session.image_names)


def refused(info: EngineInfo, said: str, images: Callable[[], Sequence[str]]) -> UsageError:
    """An error for words that docker refused, from what it `said` on standard error, with a remedy.

    `images` returns the names of the engine's images.
    """
    lines = [line.removeprefix("docker: ").strip() for line in said.splitlines()]
    lines = [line for line in lines if line and not line.startswith("See 'docker")]
    missing = re.match(r"Unable to find image '(.+)' locally$", lines[0]) if lines else None
    if missing is None:
        return UsageError(
            f"docker refuses it: {' '.join(lines)}", remedy="write it as after `docker run`, without -d"
        )
    image = plain(missing[1])
    there = images()
    near = meant(image, there)
    known = f"did you mean {near}? " if near else f"it has {', '.join(map(plain, there))}. " if there else ""
    if not info.pulls:
        return UsageError(
            f"the workshop's own engine has no image {image}, and no network to pull it",
            remedy=f"{known}To hand it over: "
            f"docker save {shlex.quote(image)} | DOCKER_HOST=$(workshop engine start) docker load; "
            "or use an engine that has it: --engine NAME",
        )
    return UsageError(
        f"the engine at {info.endpoint} has no image {image}, and cannot pull it: {' '.join(lines[1:])}",
        remedy=f"{known}See whether the name is right; or use an engine that has it: --engine NAME",
    )


def _described(session: EngineSession, template: str, seccomp: str | None) -> Described:
    client = session.client
    with engine_errors("cannot look at the container", client.endpoint):
        found = client.inspect_container(template)
    config, host = dict(found["Config"]), podman.host_settings(found)
    if host.get("PidMode"):
        raise UsageError(
            f"--pid={host['PidMode']}: the workload's processes could not be distinguished from others",
            remedy="leave out --pid, or start it yourself and use --attach",
        )
    if not found.get("Path"):
        raise UsageError(_NO_PROGRAM, remedy="name one after the image")
    program = _executable(client, template, found["Path"], config)
    if config.get("Hostname") == found["Id"][:12]:
        config.pop("Hostname")
    if seccomp is not None:
        others = [one for one in host.get("SecurityOpt") or () if not one.startswith("seccomp")]
        value = session.profile(seccomp)
        host["SecurityOpt"] = [*others, *([f"seccomp={value}"] if value else [])]
    volume = {"Type": "volume", "Target": FOLDER, "VolumeOptions": {"Labels": dict(session.labels)}}
    host |= {"AutoRemove": False, "Mounts": [*(host.get("Mounts") or ()), volume]}
    config |= {"Entrypoint": [PROGRAM], "Cmd": [program, *podman.program(found)], "HostConfig": host}
    networks = found["NetworkSettings"].get("Networks") or {}
    config["NetworkingConfig"] = {"EndpointsConfig": {name: _asked(one) for name, one in networks.items()}}
    name = found["Name"].removeprefix("/")
    return Described(config, "" if name.startswith(_UNNAMED) else name)


def _asked(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """The requested settings of a network's endpoint; the engine chooses the others again."""
    return {
        key: endpoint[key] for key in ("IPAMConfig", "Links", "Aliases", "DriverOpts") if endpoint.get(key)
    }


def _executable(client: Client, container: str, program: str, config: Mapping[str, Any]) -> str:
    """The program's path in the container, found as the runtime does."""
    if "/" in program:
        path = posixpath.join(config.get("WorkingDir") or "/", program)
        if not _is_program(client, container, path):
            raise UsageError(f"the image has no program {path}", remedy="name one that is there")
        return program
    environment = dict(entry.partition("=")[::2] for entry in config.get("Env") or ())
    folders = environment.get("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").split(
        ":"
    )
    for folder in folders:
        path = f"{folder or '.'}/{program}"
        if _is_program(client, container, path):
            return path
    raise UsageError(
        f"the image has no program {program!r} on its PATH ({':'.join(folders)})",
        remedy="name it by its path, or another image",
    )


def _is_program(client: Client, container: str, path: str) -> bool:
    url = f"{client.base_url}/v{client.api_version}/containers/{container}/archive"
    with engine_errors("cannot look into the image", client.endpoint):
        answer = client.head(url, params={"path": path})
    told = answer.headers.get("X-Docker-Container-Path-Stat")
    if answer.status_code != 200 or told is None:
        return False
    mode = json.loads(base64.b64decode(told))["mode"]
    return bool(mode & _GO_LINK or (mode & _EXECUTABLE and not mode & _GO_FOLDER))
