"""The `Engine` protocol over the Docker SDK."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from functools import partial
from typing import Any, Self

from docker.errors import APIError, NotFound

from runner.engine.api import (
    SESSION_LABEL,
    Completed,
    Container,
    ContainerState,
    EngineInfo,
    EngineTimeout,
    EngineUnavailable,
    ImageMissing,
    Log,
    Loss,
    NameTaken,
    ProgramTimeout,
    StartRefused,
)
from runner.engine.breakdown import tells_of_breakdown
from runner.engine.docker.client import Client, engine_errors, explanation
from runner.engine.docker.container import (
    HANGING,
    DockerContainer,
    attach,
    container_state,
    kills_threads,
    remove,
)
from runner.engine.docker.describe import Description
from runner.engine.docker.options import create_body
from runner.engine.docker.podman import profile_file
from runner.engine.docker.sidecar import Sidecar
from runner.engine.docker.streams import Hijacked, OutputTimeoutError, collect
from runner.engine.docker.traced import telling
from runner.engine.docker.workload import gated
from runner.engine.image_names import OWN
from runner.engine.owner import Owner, labels
from runner.engine.processes import kill_runtime, runtime_stands_still
from runner.engine.sweep import NOTHING, Swept, sweep_session
from runner.errors import EngineError, UsageError
from runner.folders import cache_folder
from runner.lab.model.container import ContainerSpec
from runner.pace import MACHINE, Work

_LONGER = 2.0
"""How many times its limit a start is waited for once more, if the runtime is seen at work."""


class DockerEngine:
    """A reachable engine on behalf of `session`; `release` lets go of whatever keeps the engine running."""

    def __init__(
        self,
        client: Client,
        description: Description,
        *,
        session: str,
        owner: Owner,
        swept: Swept = NOTHING,
        release: Callable[[], None] = lambda: None,
        loss: Callable[[], Loss] = Loss,
    ) -> None:
        self._client = client
        self._description = description
        self._session = session
        self._owner = owner
        self._swept = swept
        self._labels = labels(session, owner)
        self._release = release
        self._loss = loss

    @property
    def info(self) -> EngineInfo:
        """What the engine says of itself."""
        return self._description.info

    @property
    def swept(self) -> Swept:
        """What dead processes had left on it, and was removed when it was opened."""
        return self._swept

    @property
    def client(self) -> Client:
        """The connection, for the parts of this package that handle images."""
        return self._client

    @property
    def labels(self) -> Mapping[str, str]:
        """What everything that this session starts carries."""
        return self._labels

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def start(self, spec: ContainerSpec, *, seccomp: str, name: str = "", timeout: float) -> Container:
        """Start a container; `seccomp` is a profile's JSON content, `unconfined`, or "" (the default).

        Raises:
            NameTaken: there is a container of this name.
            StartRefused: the runtime could not start it; nothing of it is left.
            EngineTimeout: the runtime hung, or took several times as long; it was killed and nothing is left.
            ImageMissing, EngineUnavailable.
        """
        identity = self._create(spec, seccomp, name, timeout)
        terminal: Hijacked | None = None
        try:
            if spec.tty:
                terminal = self._attach(identity, stdin=True)
            self.launch(identity, spec.image, timeout)
        except BaseException:
            if terminal is not None:
                terminal.release()
            self._discard(identity, seccomp)
            raise
        return self._container(identity, name, terminal, threads_die=kills_threads(seccomp))

    def state_of(self, container: str) -> ContainerState:
        """How a container was started, also one that is not of this session.

        Raises:
            UsageError: there is none of this name or id.
        """
        with engine_errors(f"cannot look at {container}", self._client.endpoint):
            try:
                return container_state(self._client.inspect_container(container))
            except NotFound as error:
                raise UsageError(
                    f"the engine at {self.info.endpoint} has no container {container}",
                    remedy="name one that `docker ps` shows, or its engine: --engine NAME",
                ) from error

    def find(self, name: str) -> Container | None:
        """The running container of this session, with a terminal, that has this name; None if there is none."""
        filters = {"label": f"{SESSION_LABEL}={self._session}", "name": name, "status": "running"}
        with engine_errors(f"cannot look for {name}", self._client.endpoint):
            for found in self._client.containers(filters=filters):
                if f"/{name}" in found["Names"]:
                    with suppress(NotFound):
                        if self._client.inspect_container(found["Id"])["Config"]["Tty"]:
                            return self._container(found["Id"], name, None)
        return None

    def image_names(self) -> tuple[str, ...]:
        """The names of its images (`lab:latest`), without those that are the workshop's own; () if it is gone."""
        try:
            with engine_errors("cannot list the images", self._client.endpoint):
                found = self._client.images()
        except EngineError:
            return ()
        tags = (tag for image in found for tag in image.get("RepoTags") or ())
        return tuple(sorted(tag for tag in tags if not tag.startswith((OWN, "<none>"))))

    def run(self, spec: ContainerSpec, *, seccomp: str, timeout: float, log: Log | None = None) -> Completed:
        """Start a container without a terminal, wait for its end, and remove it; with `log`, every call is told.

        `timeout` is for the start and again for the end.

        Raises:
            StartRefused, EngineTimeout, ImageMissing, EngineUnavailable: as `start` does.
            ProgramTimeout: with the partial output; nothing is left.
            EngineError: it cannot be watched, and why.
        """
        identity = self._create(spec, seccomp, "", timeout)
        if log is not None:
            return self._run_traced(identity, seccomp, timeout, log)
        try:
            output = self._attach(identity, stdin=False)
            try:
                self.launch(identity, spec.image, timeout)
                return self._finish(identity, output, timeout)
            finally:
                output.release()
        finally:
            self._discard(identity, seccomp)

    def _run_traced(self, template: str, seccomp: str, timeout: float, log: Log) -> Completed:
        try:
            workload = gated(self, template)
        except UsageError as error:
            raise StartRefused(str(error)) from error  # as the runtime would have
        output = None
        try:
            output = workload.start(timeout)
            sidecar = Sidecar(self, workload.id, gated=True)
            with telling(sidecar, log):
                sidecar.open_gate()
                return self._finish(workload.id, output, timeout)
        finally:
            if output is not None:
                output.release()
            self._discard(workload.id, seccomp)

    def for_session(self, session: str) -> "DockerEngine":
        """The same engine for another session and thread; closing it sweeps that session alone."""
        return DockerEngine(
            self._client.another(), self._description, session=session, owner=self._owner, loss=self._loss
        )

    def ping(self) -> None:
        """Have the engine answer, on a connection of its own.

        Raises:
            EngineUnavailable: it is gone.
            EngineError: it does not answer now.
        """
        with (
            engine_errors("the engine does not answer", self._client.endpoint),
            closing(self._client.another()) as client,
        ):
            client.ping()

    def loss(self) -> Loss:
        """Why it has gone, as far as that is known."""
        return self._loss()

    def sweep(self) -> None:
        """Remove everything that carries this session's label."""
        with engine_errors("cannot clean up", self._client.endpoint):
            sweep_session(self._client, self._session)

    def close(self) -> None:
        """Sweep, and let go of the engine."""
        try:
            self.sweep()
        except EngineUnavailable:
            pass  # What an engine that is gone still holds is swept when it returns.
        finally:
            self._client.close()
            self._release()

    def _container(
        self, identity: str, name: str, terminal: Hijacked | None, *, threads_die: bool = False
    ) -> Container:
        beside = partial(Sidecar, self)
        return DockerContainer(
            self._client, identity, name=name, terminal=terminal, beside=beside, threads_die=threads_die
        )

    def _create(self, spec: ContainerSpec, seccomp: str, name: str, timeout: float) -> str:
        podman = self._description.podman
        body = create_body(
            spec,
            image=spec.image,
            seccomp=profile_file(seccomp, cache_folder() / "profiles") if podman else seccomp,
            labels=self._labels,
            limits=self._description.limits,
            podman=podman,
        )
        doing = f"cannot create a container from {spec.image}"
        create: Any = self._client.create_container_from_config  # its stub has no types
        with engine_errors(doing, self._client.endpoint), self._client.within(timeout):
            try:
                created: Mapping[str, str] = create(body, name or None)
                return created["Id"]
            except NotFound as error:
                raise ImageMissing(
                    f"the engine has no image {spec.image}",
                    remedy="let `workshop engine start` build `lab`; pull or load any other with `docker`",
                ) from error
            except APIError as error:
                if name and (error.status_code == 409 or "already in use" in explanation(error)):
                    remedy = f"remove it: docker rm -f {name}"
                    raise NameTaken(f"cannot create {name}: {explanation(error)}", remedy=remedy) from error
                raise _not_started(error) from error

    def _attach(self, identity: str, *, stdin: bool) -> Hijacked:
        with engine_errors("cannot attach to a new container", self._client.endpoint):
            try:
                return attach(self._client, identity, stdin=stdin, logs=False)
            except APIError:
                # Podman lets the runtime create the container here; only its start says why that was refused.
                try:
                    self._client.start(identity)
                except APIError as error:
                    raise _not_started(error) from error
                return attach(self._client, identity, stdin=stdin, logs=True)

    def launch(self, identity: str, image: str, timeout: float) -> None:
        """Start a created container; a runtime that hangs is killed, one that is only slow is waited for.

        Raises as `start` does, and leaves the container to be removed.
        """
        try:
            self._begin(identity, image, timeout)
        except EngineTimeout as error:
            if runtime_stands_still(identity, seconds=MACHINE.stretched(1.0)):
                raise self._given_up(
                    identity,
                    f"the runtime hung while it started the container: it stood still after {timeout:g} s",
                ) from error
            try:
                self._begin(identity, image, timeout * _LONGER)  # the engine has this call wait for the first
            except EngineTimeout as again:
                whole = timeout * (1 + _LONGER)
                raise self._given_up(
                    identity, f"the runtime had not started the container after {whole:g} s{_others(whole)}"
                ) from again

    def _begin(self, identity: str, image: str, timeout: float) -> None:
        with (
            MACHINE.timed(Work.CONTAINER),
            engine_errors(f"cannot start {image}", self._client.endpoint),
            self._client.within(timeout),
        ):
            try:
                self._client.start(identity)
            except APIError as error:
                raise _not_started(error) from error

    def _given_up(self, identity: str, what: str) -> EngineTimeout:
        killed = kill_runtime(identity)
        return EngineTimeout(
            what + (", and was killed" if killed else ", and its processes cannot be reached from here"),
            remedy="look with `workshop profile lint` for a default action that kills, for what denies the runtime its "
            "own calls, and for rules without end; if other containers start as slowly, see what keeps the machine busy"
            + ("" if killed else "; " + HANGING.format(id=identity)),
        )

    def _finish(self, identity: str, output: Hijacked, timeout: float) -> Completed:
        deadline = time.monotonic() + timeout
        with engine_errors("lost a running container", self._client.endpoint):
            try:
                printed = collect(output, deadline=deadline)
            except OutputTimeoutError as error:
                raise ProgramTimeout(
                    f"the container's program did not end within {timeout:g} s",
                    output=error.output.decode(errors="replace"),
                ) from error
            try:
                with self._client.within(max(deadline - time.monotonic(), 1)):
                    status = int(self._client.wait(identity)["StatusCode"])
            except EngineTimeout as error:
                text = printed.decode(errors="replace")
                raise ProgramTimeout(
                    f"the container did not end within {timeout:g} s", output=text
                ) from error
        return Completed(status, printed.decode(errors="replace"))

    def _discard(self, identity: str, seccomp: str) -> None:
        """Remove after an end or a failure, whose error an engine that is gone must not hide."""
        try:
            remove(self._client, identity, threads_die=kills_threads(seccomp))
        except EngineUnavailable:
            return


def _not_started(error: APIError) -> EngineError:
    """The runtime's refusal, unless it is the engine that broke."""
    said = explanation(error)
    if tells_of_breakdown(said):
        return EngineError(f"the engine could not start a container: {said}", remedy="try again")
    return StartRefused(said)


def _others(seconds: float) -> str:
    """How long starts took that ended, where that tells a slow machine from a slow profile."""
    longest = MACHINE.longest(Work.CONTAINER)
    if longest is None:
        return ""
    return f" (others took up to {longest:.1f} s)" if longest < seconds else " (this machine is slow)"
