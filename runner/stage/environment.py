"""Opening and closing a learner's stage on an engine."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from runner.engine.api import Container, Engine
from runner.engine.shim import host_environment as engine_environment
from runner.lab.model.workshop import Workshop
from runner.shell.console import Console
from runner.shell.prompt import container_environment, host_environment
from runner.shell.pty import HostStream
from runner.stage.stage import OpenConsole, Stage
from runner.stage.workspace import Workspace


def new_session() -> str:
    """A unique id for a session."""
    return secrets.token_hex(6)


@contextmanager
def open_stage(engine: Engine, workshop: Workshop) -> Iterator[Stage]:
    """A headless stage with its own workspace and session; everything started is removed at the end of the block."""
    with ExitStack() as cleanup:
        session = engine.for_session(new_session())
        cleanup.callback(session.close)
        workspace = Workspace.temporary(workshop.files)
        cleanup.callback(workspace.remove)
        shells = container_environment(interactive=False)
        environment = host_environment(
            engine_environment(session, workspace.beside, shells=shells), interactive=False
        )
        stage = Stage(
            engine=session,
            workspace=workspace,
            environment=environment,
            container_environment=shells,
            open_console=_headless(environment),
        )
        cleanup.callback(stage.close)
        yield stage


def _headless(environment: Mapping[str, str]) -> OpenConsole:
    def open_console(_target: str, workspace: Workspace, container: Container | None) -> Console:
        if container is not None:
            return Console.open(container.attach())
        return Console.open(HostStream(environment=environment, directory=workspace.root))

    return open_console
