"""What every engine promises: the same tests for the fake one, which other tests rely on, and for the real one."""

import threading
from collections.abc import Iterator

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
from runner.lab.model.container import ContainerSpec
from tests.fakes import FakeEngine, new_session

SLEEP = ContainerSpec(command=("sleep", "60"), cap_add=("ALL",), security_opt=("apparmor=unconfined",))
DENY = '{"defaultAction": "SCMP_ACT_ERRNO"}'


def fake() -> FakeEngine:
    return FakeEngine(
        {
            r"^sh -c echo out; echo err >&2; exit 3": Completed(3, "out\nerr\n"),
            r"^sh -c echo begun; sleep": ProgramTimeout("it did not end", output="begun\n"),
            r"^deny": StartRefused("cannot start a stopped process"),
            r"^id": lambda call: Completed(0, f"uid={1000 if call.user else 0}\n"),
            r"^true$": Completed(0, ""),
        }
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


def test_a_program_that_takes_too_long_is_reported_with_what_it_printed(subject: Engine) -> None:
    spec = ContainerSpec(command=("sh", "-c", "echo begun; sleep 60"))
    with pytest.raises(ProgramTimeout) as raised:
        subject.run(spec, seccomp="", timeout=2)
    assert raised.value.output == "begun\n"


def test_an_exec_that_takes_too_long_is_reported_and_the_container_goes_on(subject: Engine) -> None:
    container = subject.start(SLEEP, seccomp="", timeout=20)
    with pytest.raises(ProgramTimeout) as raised:
        container.exec(["sh", "-c", "echo begun; sleep 60"], timeout=1)
    assert raised.value.output == "begun\n"
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
