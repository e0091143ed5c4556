"""A learner's session: what fails leaves the learner in a step that can be gone on with."""

import queue
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runner.check.outcome import Broken
from runner.errors import EngineError, WorkshopError
from runner.lab.model.workshop import FileBlock, SolveBlock
from runner.lab.read.workshop import read_workshop
from runner.learner.session.busy import ShellBusyError
from runner.learner.session.events import CheckJudged, CommandsTypedAgain, ConsoleDropped
from runner.learner.session.files import inherited
from runner.learner.session.session import LearnerSession
from runner.stage.playing import play
from tests.fakes import FakeEngine

PROFILE = "profiles/x.json"
STEP = """
## {title}

{body}

```check
id: {id}
describe: There
probe: {{file: {id}}}
expect: {{exists: true}}
explain: So.
mutants: [{{run: "true", why: nothing}}]
```
"""
LAUNCH = """```container
name: {name}
command: [bash]
security_opt: [seccomp=profiles/x.json]
```

```console in={name}
# true
```
"""
LAB = (
    "---\nid: lab\ntitle: Lab\nminutes: 1\nobjectives: [See]\n---\n"
    + STEP.format(title="One", id="first", body=LAUNCH.format(name="box"))
    + STEP.format(title="Between", id="between", body=LAUNCH.format(name="other"))
    + STEP.format(
        title="Two", id="second", body="```console in=box\n# true\n```\n\n```console in=other\n# true\n```"
    )
)


@pytest.fixture
def told() -> queue.SimpleQueue:
    return queue.SimpleQueue()


@pytest.fixture
def session(tmp_path: Path, told, monkeypatch) -> Iterator[LearnerSession]:
    (tmp_path / "profiles").mkdir()
    (tmp_path / PROFILE).write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    (tmp_path / "workshop.toml").write_text(
        'format = 1\nid = "w"\ntitle = "W"\nsummary = "S"\nlabs = ["lab.md"]\nfiles = ["profiles"]\n'
        '[defaults]\nimage = "lab"\n'
    )
    (tmp_path / "lab.md").write_text(LAB)
    reading = read_workshop(tmp_path)
    assert not reading.problems
    (lab,) = reading.workshop.labs
    with LearnerSession(
        engine=FakeEngine(), workshop=reading.workshop, lab=lab, folder=tmp_path / "kept", tell=told.put
    ) as session:
        # The containers here have no shell that would answer.
        monkeypatch.setattr(session._player, "_retype", lambda _block: None)
        yield session


def steps(session: LearnerSession):
    return session._lab.steps


def asked(session: LearnerSession, told) -> str:
    """The check that is evaluated when the learner asks."""
    session.check()
    while not (isinstance(event := told.get(timeout=30), CheckJudged) and event.asked):
        pass
    return event.check.id


def test_a_console_whose_profile_is_gone_is_refused_with_the_way_on(session):
    one, *_ = steps(session)
    session.enter(one, passed=frozenset(), done=())
    session.launch(one.containers[0])
    session._consoles.drop("box")
    session.workspace.path(PROFILE).unlink()
    with pytest.raises(WorkshopError, match="no file") as raised:
        session.show("box")
    assert raised.value.remedy


def test_a_step_whose_container_lost_its_profile_is_not_solved_and_says_why(session):
    *_, two = steps(session)
    session.enter(two, passed=frozenset(), done=())
    session._consoles.drop("box")
    session.workspace.path(PROFILE).unlink()
    with pytest.raises(WorkshopError, match="no file"):
        session.solve()


def test_a_command_in_a_container_whose_profile_is_gone_is_broken(session):
    one, *_ = steps(session)
    session.enter(one, passed=frozenset(), done=())
    session._stage.define(one.containers[0])
    session.workspace.path(PROFILE).unlink()
    (_, outcome), *_ = play(session._stage, one.consoles[0])
    assert isinstance(outcome, Broken)
    assert "no file" in outcome.reason


@pytest.mark.parametrize("failing", ["show", "_bring_back"])
@pytest.mark.parametrize(
    "error", [EngineError("too slow"), ShellBusyError("box", "vi")], ids=["engine", "busy"]
)
def test_a_step_that_could_not_be_prepared_is_examined_all_the_same(
    session, told, monkeypatch, failing, error
):
    one, _, two = steps(session)
    session.enter(one, passed=frozenset(), done=())
    assert asked(session, told) == "first"

    def fail(*_):
        raise error

    with monkeypatch.context() as now:
        now.setattr(session, failing, fail)
        with pytest.raises(type(error)):
            session.enter(two, passed=frozenset(), done=())
    assert asked(session, told) == "second"


def test_a_busy_shell_does_not_keep_another_container_from_coming_back(session, monkeypatch):
    *_, two = steps(session)
    type_again = session._player.type_again

    def busy_in_box(target, *arguments, **options):
        if target == "box":
            raise ShellBusyError("box", "vi")
        return type_again(target, *arguments, **options)

    monkeypatch.setattr(session._player, "type_again", busy_in_box)
    with pytest.raises(ShellBusyError, match="vi"):
        session.enter(two, passed=frozenset(), done=())
    assert session.running == {"box", "other"}


def test_commands_that_are_typed_again_are_told(session, told):
    _, between, two = steps(session)
    session.enter(between, passed=frozenset(), done=())
    assert not _typed_again(told)
    session.enter(two, passed=frozenset(), done=())
    assert _typed_again(told) == ["box", "other"]


def _changed_profile(session: LearnerSession) -> Path:
    profile = session.workspace.path(PROFILE)
    profile.write_text('{"defaultAction": "SCMP_ACT_ERRNO"}')
    return profile


def test_a_step_that_begins_again_has_the_workshops_profile_again(session):
    one, _, two = steps(session)
    for step in (one, two):
        session.enter(step, passed=frozenset(), done=())
        profile = _changed_profile(session)
        session.reset_step(done=())
        assert "ALLOW" in profile.read_text(), f"{step.title}: it is its container's, launched here or before"


def test_a_step_that_cannot_begin_again_closes_nothing(session, monkeypatch):
    one, *_ = steps(session)
    session.enter(one, passed=frozenset(), done=())
    session.launch(one.containers[0])

    def fail(_step, *, done):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(session._files, "bring_back", fail)
    with pytest.raises(OSError, match="No space"):
        session.reset_step(done=())
    assert session.running == {"box"}


@pytest.mark.parametrize("place", [0, 1], ids=["earlier", "here"])
def test_a_profile_that_the_lesson_has_the_learner_write_stays_when_a_step_begins_again(session, place):
    *_, last = lab = steps(session)
    written = FileBlock(PROFILE, "{}", "json", edit=True, span=last.span)
    changed = replace(lab[(0, -1)[place]], blocks=(*lab[(0, -1)[place]].blocks, written))
    session._lab = session._files._lab = replace(
        session._lab, steps=(changed, *lab[1:]) if place == 0 else (*lab[:-1], changed)
    )
    session.enter(steps(session)[-1], passed=frozenset(), done=())
    profile = _changed_profile(session)
    session.reset_step(done=())
    assert "ERRNO" in profile.read_text()


@pytest.mark.parametrize(("done", "content"), [((), "{}"), (("one",), "[]")], ids=["open", "done"])
def test_what_an_earlier_step_had_the_learner_write_is_there_again_if_it_is_missing(session, done, content):
    one, *others = steps(session)
    given = FileBlock(PROFILE, "{}", "json", edit=True, span=one.span)
    blocks = (*one.blocks, given, SolveBlock(replace(given, content="[]"), one.span))
    session._lab = session._files._lab = replace(session._lab, steps=(replace(one, blocks=blocks), *others))
    last = steps(session)[-1]
    assert inherited(session._lab, last) == {PROFILE}
    assert not inherited(session._lab, steps(session)[0])
    session.enter(last, passed=frozenset(), done=())
    session.workspace.path(PROFILE).unlink()
    session.reset_step(done=done)
    assert session.workspace.path(PROFILE).read_text() == content


def _typed_again(told: queue.SimpleQueue) -> list[str]:
    events = [told.get() for _ in range(told.qsize())]
    return [event.target for event in events if isinstance(event, CommandsTypedAgain)]


def test_a_container_that_cannot_be_removed_is_no_longer_shown(session, told, monkeypatch):
    one, *_ = steps(session)
    session.enter(one, passed=frozenset(), done=())
    session.launch(one.containers[0])

    def fail():
        raise EngineError("too slow")

    with monkeypatch.context() as now:
        now.setattr(session._stage._containers["box"], "remove", fail)
        with pytest.raises(EngineError):
            session.remove("box")
    while told.get(timeout=30) != ConsoleDropped("box"):
        pass
