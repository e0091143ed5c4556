"""A session's things on the machine, and their removal."""

import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from runner.check.context import NotThere, learner_text
from runner.check.probes import observe
from runner.engine.api import ProgramTimeout
from runner.errors import WorkshopError
from runner.lab.model.check import EngineProbe
from runner.lab.model.container import ContainerSpec
from runner.lab.model.workshop import HOST
from runner.shell.console import Console, ConsoleClosed
from runner.shell.prompt import host_environment
from runner.shell.pty import HostStream
from runner.stage import scratch
from runner.stage.host_program import run_on_host
from runner.stage.stage import Cancelled, Stage
from runner.stage.workspace import Workspace
from tests.fakes import FakeEngine, wait_until


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_places", list)


def alive(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def run(*argv, folder, timeout=20.0):
    return run_on_host(argv, folder=folder, environment=dict(os.environ), timeout=timeout)


def test_a_program_is_run_to_its_end(tmp_path):
    done = run("sh", "-c", "pwd; echo err >&2; exit 3", folder=tmp_path)
    assert (done.status, done.output) == (3, f"{tmp_path}\nerr\n")
    assert run("sh", "-c", "kill -9 $$", folder=tmp_path).status == 128 + signal.SIGKILL
    assert run("no-such-program", folder=tmp_path).status == 127


def test_left_over_children_are_killed_even_in_another_session(tmp_path):
    """The child holds the output open, which must not hold the answer."""
    done = run("sh", "-c", "setsid sleep 1000 & echo $!", folder=tmp_path)
    assert wait_until(lambda: not alive(int(done.output)))


def test_a_program_that_does_not_end_is_killed_with_what_it_printed(tmp_path):
    """However slow the machine, the program has printed before the time is up: more is given until it has."""
    for seconds in (0.2, 2.0, 20.0):
        with pytest.raises(ProgramTimeout) as raised:
            run("sh", "-c", "echo $$; sleep 1000", folder=tmp_path, timeout=seconds)
        if raised.value.output:
            break
    assert wait_until(lambda: not alive(int(raised.value.output)))


def test_a_folder_that_cannot_be_noted_as_ours_is_not_left(tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(WorkshopError, match="No space left"):
        scratch.new_scratch()
    assert [path for base in tmp_path.iterdir() for path in base.iterdir() if path.is_dir()] == []


def test_folders_of_the_dead_are_swept(monkeypatch):
    mine = scratch.new_scratch()
    theirs = scratch.new_scratch()
    (theirs / "owner").write_text((theirs / "owner").read_text().rpartition(":")[0] + ":1")
    assert scratch.sweep_scratch() == 1
    assert mine.exists()
    assert not theirs.exists()


@pytest.fixture
def stage():
    environment = host_environment(interactive=False)
    stage = Stage(
        engine=FakeEngine(),
        workspace=Workspace.temporary(()),
        environment=environment,
        container_environment={},
        open_console=lambda _target, workspace, _container: Console.open(
            HostStream(environment=environment, directory=workspace.root)
        ),
    )
    yield stage
    stage.close()


def test_cancelling_ends_what_a_fork_is_doing(stage):
    side = stage.fork(stage.workspace.copy())
    side.console(HOST)
    threading.Timer(0.2, stage.cancel).start()
    with pytest.raises((ConsoleClosed, Cancelled)):
        side.type(HOST, "sleep 1000", 60)
    side.close()


def test_a_stage_is_cancelled_while_it_is_forked(stage, monkeypatch):
    """Forks come from the thread that plays, and the end from another."""
    # Threads take turns as often as they can.
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    monkeypatch.setattr(stage.engine, "sweep", lambda: None)
    ended = threading.Event()
    failures = []

    def fork():
        kept = []
        while not ended.is_set():
            kept.append(stage.fork(stage.workspace))
            del kept[:-500]

    def cancel():
        try:
            for _ in range(300):
                stage.cancel()
        except BaseException as error:  # noqa: BLE001 (it is looked at in the test's own thread)
            failures.append(error)
        ended.set()

    threads = [threading.Thread(target=work) for work in (fork, fork, cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)
    assert not failures


def test_a_console_that_opens_while_the_stage_is_cancelled_is_not_used(stage):
    opened = stage._open_console

    def cancelled_meanwhile(*arguments):
        console = opened(*arguments)
        stage.cancel()
        return console

    stage._open_console = cancelled_meanwhile  # the window between the look and the opening
    with pytest.raises(Cancelled):
        stage.type(HOST, "sleep 1000", 60)


def test_the_profile_in_force_is_found_among_whatever_the_learner_has_made(stage):
    for name, text in (("mine.json", '{"defaultAction":  "SCMP_ACT_ALLOW"}'), ("broken.json", "{")):
        stage.workspace.write(name, text)
    (stage.workspace.root / "folder.json").mkdir()
    (stage.workspace.root / "loop.json").symlink_to("loop.json")
    container = stage.engine.start(
        ContainerSpec(command=("sleep",)), seccomp='{"defaultAction": "SCMP_ACT_ALLOW"}', timeout=1
    )
    stage._containers["box"] = container  # as `container` keeps one that was defined
    assert observe(EngineProbe("box"), stage.probe_context, 1).facts["profile"] == ("mine.json",)


@pytest.mark.parametrize("name", ["missing.json", "folder", "loop.json", "missing/x.json"])
def test_a_file_that_cannot_be_read_is_not_there(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop.json").symlink_to("loop.json")
    with pytest.raises(NotThere, match=name):
        learner_text(tmp_path, name)
