"""A stopped stage: nothing that was opened for it is left, whichever thread stops it, and when."""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from runner.check.context import NotThere
from runner.engine.api import Container
from runner.errors import WorkshopError
from runner.lab.model.container import ContainerSpec
from runner.lab.model.span import Span
from runner.lab.model.workshop import HOST, ContainerBlock
from runner.shell.console import Console
from runner.shell.recorder import CommandFinished
from runner.stage.stage import Cancelled, Stage
from runner.stage.workspace import Workspace
from tests.fakes import FakeEngine, FakeTerminal


def leave(stage: Stage) -> None:
    """As a session is left: the work of other threads is stopped first."""
    stage.cancel()
    stage.close()


WAYS = {"cancelled": Stage.cancel, "closed": Stage.close, "left": leave}


class Meanwhile:
    """What happens while something is opened in another thread."""

    def __init__(self) -> None:
        self.opening, self.may_go_on = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.opening.set()
        assert self.may_go_on.wait(30)

    def during(self, call: Callable[[], object], act: Callable[[], object]) -> None:
        """Begin `call` elsewhere, `act` while it is at it, and let it go on; raises what it raises."""
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(call)
            assert self.opening.wait(30)
            act()
            self.may_go_on.set()
            future.result(30)


@pytest.fixture
def meanwhile() -> Meanwhile:
    return Meanwhile()


@pytest.fixture
def opened() -> list[Console]:
    return []


@pytest.fixture
def stage(meanwhile: Meanwhile, opened: list[Console], tmp_path) -> Iterator[Stage]:
    class SlowEngine(FakeEngine):
        def start(self, *arguments, **options) -> Container:
            container = super().start(*arguments, **options)
            meanwhile.wait()
            return container

        def find(self, name: str) -> Container | None:
            found = super().find(name)
            meanwhile.wait()
            return found

    def open_console(target: str, *_: object) -> Console:
        opened.append(Console.open(FakeTerminal("", ended=False), interactive=True))
        if target == HOST:
            meanwhile.wait()
        return opened[-1]

    stage = Stage(
        engine=SlowEngine(),
        workspace=Workspace.temporary(()),
        environment={},
        container_environment={},
        open_console=open_console,
    )
    stage.define(ContainerBlock("box", ContainerSpec(image="lab", tty=True), True, Span(tmp_path, 1, 1)))
    yield stage
    with suppress(WorkshopError):
        stage.close()


@pytest.mark.parametrize("stop", WAYS.values(), ids=WAYS)
def test_a_console_that_is_being_opened_is_closed(stage, meanwhile, opened, stop):
    with pytest.raises(Cancelled):
        meanwhile.during(lambda: stage.console(HOST), lambda: stop(stage))
    opened[0].reader._thread.join(30)
    assert not opened[0].reader._thread.is_alive()


@pytest.mark.parametrize("stop", WAYS.values(), ids=WAYS)
def test_a_container_that_is_being_started_is_removed(stage, meanwhile, stop):
    engine = stage.engine
    # It is there only after the engine was swept, as one is whose start takes long.
    with pytest.raises(Cancelled):
        meanwhile.during(
            lambda: stage.container("box"), lambda: stop_before_it_is_listed(engine, stage, stop)
        )
    assert engine.containers == {}


def stop_before_it_is_listed(engine: FakeEngine, stage: Stage, stop: Callable[[Stage], None]) -> None:
    there = dict(engine.containers)
    engine.containers.clear()
    stop(stage)
    engine.containers.update(there)


def test_a_container_that_is_being_taken_over_is_removed(stage, meanwhile):
    FakeEngine.start(stage.engine, ContainerSpec(image="lab", tty=True), seccomp="", name="box", timeout=1)
    with pytest.raises(Cancelled):
        meanwhile.during(lambda: stage.adopt("box"), stage.cancel)
    assert stage.engine.containers == {}


def test_nothing_is_opened_once_the_stage_is_stopped(stage, meanwhile, opened):
    meanwhile.may_go_on.set()
    stage.close()
    for call in (
        lambda: stage.console(HOST),
        lambda: stage.container("box"),
        lambda: stage.type(HOST, "x", 1),
    ):
        with pytest.raises(Cancelled):
            call()
    assert (opened, stage.engine.calls) == ([], [])


def test_a_fork_that_is_closed_leaves_the_stage_open(stage, meanwhile):
    meanwhile.may_go_on.set()
    stage.fork(stage.workspace.copy()).close()
    assert stage.container("box").state().running


def test_a_container_that_nobody_defined_is_not_there(stage):
    with pytest.raises(NotThere, match="other"):
        stage.container("other")


def test_probes_see_what_is_typed_and_cannot_change_it(stage, meanwhile, opened):
    meanwhile.may_go_on.set()
    context = stage.probe_context
    heard: queue.SimpleQueue[CommandFinished] = queue.SimpleQueue()
    stage.console(HOST).subscribe(heard.put)
    before = context.typed.get(HOST, ())
    opened[0]._on_finished.tell(CommandFinished("ls", "", 0, 0.0, 0.0))
    assert [one.command for one in context.typed[HOST]] == ["ls"]
    assert before == ()
    with pytest.raises(TypeError):
        context.typed[HOST] = ()
    with pytest.raises(TypeError):
        context.containers["box"] = None
    stage.forget_typed()
    assert context.typed.get(HOST, ()) == ()
