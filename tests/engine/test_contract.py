"""The promises of every engine: the same tests for the fake one, which other tests rely on, and for the real one."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest

from runner.engine.api import (
    SESSION_LABEL,
    Completed,
    ContainerGone,
    Engine,
    ImageMissing,
    NameTaken,
    ProgramTimeout,
    StartRefused,
)
from runner.engine.docker.sidecar import Sidecar
from runner.errors import EngineError
from runner.lab.model.container import ContainerSpec
from tests.fakes import FakeEngine, new_session

SLEEP = ContainerSpec(command=("sleep", "600"), cap_add=("ALL",), security_opt=("apparmor=unconfined",))
DENY = '{"defaultAction": "SCMP_ACT_ERRNO"}'


def fake() -> FakeEngine:
    return FakeEngine(
        {
            r"^sh -c echo out; echo err >&2; exit 3": Completed(3, "out\nerr\n"),
            r"^sh -c echo begun; sleep": ProgramTimeout("it did not end", output="begun\n"),
            r"^deny": StartRefused("cannot start a stopped process"),
            r"^id": lambda call: Completed(0, f"uid={1000 if call.user else 0}\n"),
            r"^true$": Completed(0, ""),
            r"^cat /proc/1/comm": lambda call: Completed(0, "docker-init\n" if call.spec.init else "cat\n"),
            r"^no-such": Completed(127, "no-such-program: not found"),
        },
        traced={
            "mkdir": 'execve("/bin/sh", ["sh"], 0x1) = 0\nmkdir(0x7f, 0x1ff) = -1 EPERM (Operation not permitted)\n'
        },
    )


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.engine)])
def subject(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "real":
        yield request.getfixturevalue("engine")
        return
    with fake() as engine:
        yield engine


def test_run_reports_status_and_both_streams_in_order(subject: Engine) -> None:
    spec = ContainerSpec(command=("sh", "-c", "echo out; echo err >&2; exit 3"))
    completed = subject.run(spec, seccomp="", timeout=20)
    assert completed.status == 3
    assert sorted(completed.output.split()) == ["err", "out"]


def test_the_first_process_may_be_an_init(subject: Engine) -> None:
    spec = ContainerSpec(command=("cat", "/proc/1/comm"), init=True)
    assert subject.run(spec, seccomp="", timeout=20) == Completed(0, "docker-init\n")


def printed_before_its_end(run: Callable[[float], object]) -> str:
    """The output of a program that exceeds its time limit: the limit is extended until it has printed something."""
    for seconds in (1, 5, 30):
        with pytest.raises(ProgramTimeout) as raised:
            run(seconds)
        if raised.value.output:
            break
    return raised.value.output


def test_a_program_that_takes_too_long_is_reported_with_what_it_printed(subject: Engine) -> None:
    spec = ContainerSpec(command=("sh", "-c", "echo begun; sleep 600"))
    assert printed_before_its_end(lambda seconds: subject.run(spec, seccomp="", timeout=seconds)) == "begun\n"


def test_an_exec_that_takes_too_long_is_reported_and_the_container_goes_on(subject: Engine) -> None:
    container = subject.start(SLEEP, seccomp="", timeout=20)
    program = ["sh", "-c", "echo begun; sleep 600"]
    assert printed_before_its_end(lambda seconds: container.exec(program, timeout=seconds)) == "begun\n"
    assert container.state().running


def test_exec_runs_as_the_given_user(subject: Engine) -> None:
    container = subject.start(SLEEP, seccomp="", timeout=20)
    assert "uid=0" in container.exec(["id"], timeout=10).output
    assert "uid=1000" in container.exec(["id"], user="learner", timeout=10).output


def test_state_says_how_the_container_was_started(subject: Engine) -> None:
    state = subject.start(SLEEP, seccomp="unconfined", timeout=20).state()
    assert state.running
    assert state.seccomp == "unconfined"
    assert state.apparmor == "unconfined"
    assert state.cap_add == ("ALL",)
    assert state.network_mode == "none"
    assert not state.privileged


def test_a_profile_is_reported_as_it_was_given(subject: Engine) -> None:
    profile = '{"defaultAction": "SCMP_ACT_ALLOW"}'
    assert subject.start(SLEEP, seccomp=profile, timeout=20).state().seccomp == profile


def test_a_removed_container_answers_no_more_and_can_be_removed_again(subject: Engine) -> None:
    container = subject.start(SLEEP, seccomp="", timeout=20)
    container.remove()
    container.remove()
    with pytest.raises(ContainerGone):
        container.exec(["true"], timeout=10)
    with pytest.raises(ContainerGone):
        container.state()


def test_a_container_that_has_ended_answers_no_more_but_tells_its_status(subject: Engine) -> None:
    container = subject.start(ContainerSpec(command=("true",), tty=True), seccomp="", timeout=20)
    terminal = container.attach()
    while terminal.read():
        pass
    with pytest.raises(ContainerGone):
        container.exec(["true"], timeout=10)
    assert container.state().exit_code == 0
    assert not container.state().running


def test_a_start_that_the_runtime_refuses_says_why(subject: Engine) -> None:
    spec = ContainerSpec(command=("deny",))
    with pytest.raises(StartRefused, match=r"\S"):
        subject.start(spec, seccomp=DENY, timeout=20)
    with pytest.raises(StartRefused, match=r"\S"):
        subject.run(spec, seccomp=DENY, timeout=20)


def test_a_missing_image_is_named(subject: Engine) -> None:
    with pytest.raises(ImageMissing, match="no-such-image"):
        subject.start(ContainerSpec(image="no-such-image"), seccomp="", timeout=20)
    with pytest.raises(ImageMissing, match="no-such-image"):
        subject.run(ContainerSpec(image="no-such-image"), seccomp="", timeout=20)


def test_a_name_is_taken_once_and_finds_its_session_s_container(subject: Engine) -> None:
    name = f"box-{new_session()}"
    spec = ContainerSpec(command=("sleep", "600"), tty=True)
    container = subject.start(spec, seccomp="", name=name, timeout=30)
    with pytest.raises(NameTaken, match=name):
        subject.start(spec, seccomp="", name=name, timeout=30)
    found = subject.find(name)
    assert found is not None
    assert found.id == container.id
    assert subject.find(name[:-1]) is None
    other = subject.for_session(new_session())
    assert other.find(name) is None
    other.close()
    container.remove()
    assert subject.find(name) is None


def test_sessions_sweep_their_own_containers_only(subject: Engine) -> None:
    mine = subject.start(SLEEP, seccomp="", timeout=20)
    other = subject.for_session(new_session())
    theirs = other.start(SLEEP, seccomp="", timeout=20)
    other.close()
    with pytest.raises(ContainerGone):
        theirs.state()
    assert mine.state().running
    subject.sweep()
    with pytest.raises(ContainerGone):
        mine.state()


def test_labels_name_the_session(subject: Engine) -> None:
    session = new_session()
    assert subject.for_session(session).labels[SESSION_LABEL] == session


def test_a_key_reaches_a_terminal_at_once(subject: Engine) -> None:
    terminal = subject.start(ContainerSpec(command=("cat",), tty=True), seccomp="", timeout=20).attach()
    assert terminal.write_now(b"k")
    assert terminal.read().startswith(b"k")
    terminal.close()


def test_closing_a_terminal_wakes_its_reader(subject: Engine) -> None:
    container = subject.start(ContainerSpec(command=("sleep", "60"), tty=True), seccomp="", timeout=20)
    terminal = container.attach()
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(terminal.read()), daemon=True)
    reader.start()
    terminal.close()
    reader.join(10)
    assert read == [b""]


MAKE = ("sh", "-c", "mkdir /proc/x; exit 3")
CALLS = re.compile(rb"mkdir\(0x[0-9a-f]+, 0x1ff\) += -1 E")


def test_a_traced_run_tells_its_calls_and_ends_as_any_other(subject: Engine) -> None:
    told: list[bytes] = []
    subject.run(ContainerSpec(command=MAKE, cap_add=("ALL",)), seccomp="", timeout=20, log=told.append)
    assert CALLS.search(b"".join(told))


def test_a_traced_exec_tells_its_calls_and_none_of_the_others(subject: Engine) -> None:
    container = subject.start(SLEEP, seccomp="", timeout=20)
    told: list[bytes] = []
    container.exec(MAKE, timeout=20, log=told.append)
    assert CALLS.search(b"".join(told))
    told.clear()
    assert container.exec(["no-such-program"], timeout=20, log=told.append).status == 127
    assert not re.search(rb"execve\(.* = 0$", b"".join(told).partition(b"no-such-program")[2], re.MULTILINE)


def test_watching_ends_when_it_is_told_to_and_a_container_that_is_gone_cannot_be_watched(
    subject: Engine,
) -> None:
    container = subject.start(SLEEP, seccomp="", timeout=20)
    watching = container.watch()
    watching.remove()
    for _ in watching.log():
        pass
    watching.release()
    assert container.state().running
    container.remove()
    with pytest.raises(ContainerGone):
        container.watch()


@pytest.mark.engine
class TestTracing:
    """Behaviour that needs a real kernel."""

    def test_who_watches_already_is_named(self, engine) -> None:
        container = engine.start(SLEEP, seccomp="", timeout=20)
        first = container.watch()
        with pytest.raises(EngineError, match=r"sleep, process 1 .* watched already: by strace"):
            container.watch()
        first.remove()
        first.release()

    def test_a_traced_exec_does_not_wait_for_what_it_leaves_behind(self, engine) -> None:
        container = engine.start(SLEEP, seccomp="", timeout=20)
        told: list[bytes] = []
        leave = ["sh", "-c", "sleep 50 >/dev/null 2>&1 & echo left"]
        assert container.exec(leave, timeout=20, log=told.append).output == "left\n"
        assert b"sleep" in b"".join(told)
        processes = container.exec(["sh", "-c", "cat /proc/[0-9]*/cmdline"], timeout=20).output
        assert "sleep\x0050\x00" in processes

    def test_a_program_that_ends_late_is_not_left_traced(self, engine) -> None:
        container = engine.start(SLEEP, seccomp="", timeout=20)
        with pytest.raises(ProgramTimeout):
            container.exec(["sleep", "50"], timeout=1, log=lambda _: None)
        label = f"{SESSION_LABEL}={engine.labels[SESSION_LABEL]}"
        assert len(engine.client.containers(all=True, filters={"label": label})) == 1

    def test_a_program_that_never_begins_is_not_left_traced(self, engine, monkeypatch) -> None:
        """Its tracer goes first, while there is nothing yet that could end it by itself."""

        def closed(_sidecar: Sidecar) -> None:
            raise EngineError("the gate stays closed")

        monkeypatch.setattr(Sidecar, "open_gate", closed)
        with pytest.raises(EngineError, match="the gate stays closed"):
            engine.run(ContainerSpec(command=("true",)), seccomp="", timeout=20, log=lambda _: None)
        label = f"{SESSION_LABEL}={engine.labels[SESSION_LABEL]}"
        assert engine.client.containers(all=True, filters={"label": label}) == []

    def test_a_log_that_nobody_can_read_ends_the_program_s_watching(self, engine) -> None:
        def broken(_data: bytes) -> None:
            raise ValueError("no more")

        with pytest.raises(ValueError, match="no more"):
            engine.run(ContainerSpec(command=("true",)), seccomp="", timeout=20, log=broken)
