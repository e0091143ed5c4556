"""The `Engine` protocol over the Docker SDK."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from typing import Self

from docker.errors import APIError, NotFound

from runner.engine.api import (
    SESSION_LABEL,
    Completed,
    Container,
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
from runner.engine.docker.client import Client, engine_errors, explanation
from runner.engine.docker.container import DockerContainer
from runner.engine.docker.describe import Description
from runner.engine.docker.launching import launch, launch_attached, not_started
from runner.engine.docker.options import create_body
from runner.engine.docker.removal import kills_threads, remove
from runner.engine.docker.session import EngineSession
from runner.engine.docker.sidecar import Sidecar
from runner.engine.docker.streams import Hijacked, OutputTimeoutError, collect
from runner.engine.docker.sweep import NOTHING, Swept, sweep_session
from runner.engine.docker.traced import telling
from runner.engine.docker.workload import gated
from runner.engine.owner import Owner, labels
from runner.errors import UsageError
from runner.lab.model.container import ContainerSpec
from runner.language import tr


class DockerEngine:
    """A reachable engine on behalf of a session; `release` releases whatever keeps the engine running."""

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
        self.session = EngineSession(client, description.info, labels(session, owner))
        """The part of it that the other modules of this package need."""
        self._client = client
        self._description = description
        self._session_id = session
        self._owner = owner
        self._swept = swept
        self._release = release
        self._loss = loss

    @property
    def info(self) -> EngineInfo:
        """The engine's description of itself."""
        return self._description.info

    @property
    def swept(self) -> Swept:
        """The numbers of leftovers of dead processes that were removed when it was opened."""
        return self._swept

    @property
    def client(self) -> Client:
        """The connection, for the modules that handle images."""
        return self._client

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of everything that this session starts."""
        return self.session.labels

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def start(self, spec: ContainerSpec, *, seccomp: str, name: str = "", timeout: float) -> Container:
        """Start a container; `seccomp` is a profile's JSON content, `unconfined`, or "" (the default).

        Raises:
            NameTaken: a container has this name.
            StartRefused: the runtime could not start it; nothing of it is left.
            EngineTimeout: the runtime hung, or took several times as long; it was killed and nothing is left.
            ImageMissing, EngineUnavailable.
        """
        identity = self._create(spec, seccomp, name, timeout)
        terminal: Hijacked | None = None
        try:
            if spec.tty:
                terminal = launch_attached(self._client, identity, spec.image, timeout, stdin=True)
            else:
                launch(self._client, identity, spec.image, timeout)
        except BaseException:
            self._discard(identity, seccomp)
            raise
        return self._container(identity, name, terminal, threads_die=kills_threads(seccomp))

    def find(self, name: str) -> Container | None:
        """The running container of this session, with a terminal, that has this name; None if there is none."""
        filters = {"label": f"{SESSION_LABEL}={self._session_id}", "name": name, "status": "running"}
        with engine_errors(tr("cannot look for {name}", name=name), self._client.endpoint):
            for found in self._client.containers(filters=filters):
                if f"/{name}" in found["Names"]:
                    with suppress(NotFound):
                        if self._client.inspect_container(found["Id"])["Config"]["Tty"]:
                            return self._container(found["Id"], name, None)
        return None

    def image_names(self) -> tuple[str, ...]:
        """The names of its images (`lab:latest`), without the workshop's own; () if the engine is gone."""
        return self.session.image_names()

    def run(self, spec: ContainerSpec, *, seccomp: str, timeout: float, log: Log | None = None) -> Completed:
        """Start a container without a terminal, wait for its end, and remove it; with `log`, trace it.

        `timeout` limits the start, and then the rest.

        Raises:
            StartRefused, EngineTimeout, ImageMissing, EngineUnavailable: as `start` does.
            ProgramTimeout: with the partial output; nothing is left.
            EngineError: it cannot be traced; the message has the reason.
        """
        identity = self._create(spec, seccomp, "", timeout)
        if log is not None:
            return self._run_traced(identity, seccomp, timeout, log)
        try:
            output = launch_attached(self._client, identity, spec.image, timeout, stdin=False)
            try:
                return self._finish(identity, output, timeout)
            finally:
                output.release()
        finally:
            self._discard(identity, seccomp)

    def _run_traced(self, template: str, seccomp: str, timeout: float, log: Log) -> Completed:
        try:
            workload = gated(self.session, template)
        except UsageError as error:
            raise StartRefused(str(error)) from error  # as the runtime would have
        output = None
        try:
            output = workload.start(timeout)
            sidecar = Sidecar(self.session, workload.id, gated=True)
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
        """Check that the engine answers, on a separate connection.

        Raises:
            EngineUnavailable: it is gone.
            EngineError: it does not answer at present.
        """
        with (
            engine_errors(tr("the engine does not answer"), self._client.endpoint),
            closing(self._client.another()) as client,
        ):
            client.ping()

    def loss(self) -> Loss:
        """The reason why it has ended, as far as known."""
        return self._loss()

    def sweep(self) -> None:
        """Remove everything that carries this session's label."""
        with engine_errors(tr("cannot clean up"), self._client.endpoint):
            sweep_session(self._client, self._session_id)

    def close(self) -> None:
        """Sweep, and release the engine."""
        try:
            self.sweep()
        except EngineUnavailable:
            pass  # Containers on an engine that is gone are swept when it returns.
        finally:
            self._client.close()
            self._release()

    def _container(
        self, identity: str, name: str, terminal: Hijacked | None, *, threads_die: bool = False
    ) -> Container:
        return DockerContainer(self.session, identity, name=name, terminal=terminal, threads_die=threads_die)

    def _create(self, spec: ContainerSpec, seccomp: str, name: str, timeout: float) -> str:
        body = create_body(
            spec,
            image=spec.image,
            seccomp=self.session.profile(seccomp),
            labels=self.labels,
            limits=self._description.limits,
            podman=self._description.podman,
        )
        doing = tr("cannot create a container from {image}", image=spec.image)
        with engine_errors(doing, self._client.endpoint), self._client.within(timeout):
            try:
                return self.session.create(body, name)
            except NotFound as error:
                raise ImageMissing(
                    tr("the engine has no image {image}", image=spec.image),
                    remedy=tr(
                        "let `workshop engine start` build `lab`; pull or load any other with `docker`"
                    ),
                ) from error
            except APIError as error:
                if name and (error.status_code == 409 or "already in use" in explanation(error)):
                    raise NameTaken(
                        tr("cannot create {name}: {reason}", name=name, reason=explanation(error)),
                        remedy=tr("remove it: {command}", command=f"docker rm -f {name}"),
                    ) from error
                raise not_started(error) from error

    def _finish(self, identity: str, output: Hijacked, timeout: float) -> Completed:
        deadline = time.monotonic() + timeout
        with engine_errors(tr("lost a running container"), self._client.endpoint):
            try:
                printed = collect(output, deadline=deadline)
            except OutputTimeoutError as error:
                raise ProgramTimeout(
                    tr("the container's program did not end within {seconds} s", seconds=f"{timeout:g}"),
                    output=error.output.decode(errors="replace"),
                ) from error
            try:
                with self._client.within(max(deadline - time.monotonic(), 1)):
                    status = int(self._client.wait(identity)["StatusCode"])
            except EngineTimeout as error:
                text = printed.decode(errors="replace")
                raise ProgramTimeout(
                    tr("the container did not end within {seconds} s", seconds=f"{timeout:g}"), output=text
                ) from error
        return Completed(status, printed.decode(errors="replace"))

    def _discard(self, identity: str, seccomp: str) -> None:
        """Remove it after its end or a failure; if the engine is gone, that must not hide the first error."""
        try:
            remove(self._client, identity, threads_die=kills_threads(seccomp))
        except EngineUnavailable:
            return
