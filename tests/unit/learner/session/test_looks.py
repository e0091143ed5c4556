"""When the examiner looks at the checks, and which of its looks count."""

import threading
from contextlib import closing

import pytest

from runner.check.evaluate import evaluate
from runner.check.outcome import Failed, Passed
from runner.engine.api import Completed
from runner.lab.model.workshop import HOST
from runner.learner.session import examiner
from runner.learner.session.events import CheckJudged, CheckMissed, CommandSeen
from runner.learner.session.schedule import RUNNING_SECONDS
from tests.clock import Clock
from tests.unit.learner.watched import LAB, Watched, step_of

IN_THE_BOX = LAB.replace("{host: [test, -e, note]}", "{exec: {in: box, run: [cat, /proc/1/status]}}")
QUIET = 1000.0


class Timed(Watched):
    """An examiner whose time a test makes pass."""

    def __init__(self, tmp_path) -> None:
        self.clock = Clock()
        super().__init__(tmp_path, quiet=QUIET, ages=RUNNING_SECONDS, clock=self.clock)

    def passes(self, seconds: float) -> None:
        self.clock.now += seconds
        self.rest()

    @property
    def looks(self) -> int:
        """How often a program was run in the container."""
        return sum(call.kind == "exec" for call in self.engine.calls)


@pytest.fixture
def timed(tmp_path, step):
    timed = Timed(tmp_path)
    with closing(timed.examiner):
        timed.examiner.watch(step, frozenset())
        yield timed


@pytest.fixture
def boxed(timed):
    """One whose check runs a program in the container, which fails."""
    step = step_of(IN_THE_BOX, timed.folder)
    timed.engine.programs["cat"] = Completed(1, "")
    timed.containers["box"] = timed.engine.start(step.containers[0].spec, seccomp="", timeout=1)
    timed.examiner.watch(step, frozenset())
    return timed


def test_a_command_that_runs_on_is_looked_at_after_1_4_and_15_seconds(boxed):
    boxed.examiner.began("box")
    boxed.rest()
    for seconds, looks in ((0.5, 0), (0.5, 1), (2.5, 1), (0.5, 2), (10.5, 2), (0.5, 3), (600.0, 3)):
        boxed.passes(seconds)
        assert boxed.looks == looks, boxed.clock.now


def test_only_a_pass_counts_while_a_command_runs(boxed):
    boxed.examiner.began("box")
    boxed.passes(1.0)
    assert boxed.looks == 1
    assert boxed.told == []
    boxed.engine.programs["cat"] = Completed(0, "")
    boxed.passes(3.0)
    assert [(one.check.id, type(one.outcome), one.asked) for one in boxed.told] == [("there", Passed, False)]
    boxed.passes(11.0)
    assert boxed.looks == 2, "it has passed"


def test_a_command_that_has_ended_is_looked_at_no_more(boxed):
    boxed.examiner.began("box")
    boxed.passes(1.0)
    boxed.types("sleep 2", "")
    boxed.passes(100.0)
    assert boxed.looks == 1


@pytest.mark.parametrize(("console", "looks"), [("other", 0), (HOST, 1)])
def test_a_command_concerns_its_own_container_and_one_in_the_learners_shell_all(boxed, console, looks):
    boxed.examiner.began(console)
    boxed.passes(1.0)
    assert boxed.looks == looks


def test_what_is_asked_twice_meanwhile_is_answered_once(timed):
    timed.may_answer.clear()
    timed.examiner.ask()
    timed.wait_until_probed()
    timed.examiner.ask()
    timed.examiner.ask()
    timed.may_answer.set()
    timed.rest()
    assert timed.probed == 2


def test_what_was_asked_for_is_not_looked_at_again_in_the_quiet_after_it(timed):
    timed.examiner.changed()
    timed.examiner.ask()
    timed.rest()
    assert timed.probed == 1
    timed.passes(QUIET)
    assert timed.probed == 1


def test_a_pass_that_two_looks_find_at_once_is_told_once(timed):
    """One is the examiner's own, one that of the thread that waits for its result."""
    timed.there = True
    timed.may_answer.clear()
    timed.examiner.ask()
    timed.wait_until_probed()
    other = threading.Thread(target=timed.examiner.look)
    other.start()
    with timed._changed:
        assert timed._changed.wait_for(lambda: timed.probed == 2, 10)
    timed.may_answer.set()
    other.join()
    timed.rest()
    assert [one.check.id for one in timed.told if isinstance(one.outcome, Passed)] == ["there"]


@pytest.mark.parametrize("same", [True, False], ids=["begun again", "another step"])
def test_a_look_that_a_newer_one_has_overtaken_is_dropped(timed, step, same):
    """The step was begun again, or left, while it was under way: what it found is no longer so."""
    timed.there = True
    timed.may_answer.clear()
    timed.examiner.ask()
    timed.wait_until_probed()
    timed.examiner.watch(step if same else step_of(LAB, timed.folder), frozenset())
    timed.there = False
    timed.may_answer.set()
    timed.rest()
    assert not [one for one in timed.told if one.check.id == "there"]
    timed.examiner.ask()
    assert isinstance(timed.judged("there", Failed), CheckJudged)


@pytest.mark.parametrize("under_way", [True, False])
def test_a_failure_before_a_step_was_begun_again_is_compared_with_none_after_it(timed, step, under_way):
    """Its own first one is no news, whatever was seen before."""
    timed.output = "of before"
    timed.may_answer.clear()
    timed.clock.now += QUIET
    timed.wake()
    timed.wait_until_probed()
    if not under_way:
        timed.may_answer.set()
        timed.rest()
    timed.examiner.watch(step, frozenset())
    timed.may_answer.set()
    timed.rest()
    timed.output = "of now"
    timed.passes(QUIET)
    assert timed.probed == 2
    assert timed.told == []
    timed.output = "another"
    timed.examiner.changed()
    timed.passes(QUIET)
    assert [type(one) for one in timed.told] == [CheckMissed]


def test_a_command_of_before_the_step_was_begun_is_not_looked_at_in_it(timed, step):
    timed.may_answer.clear()
    timed.examiner.ask()
    timed.wait_until_probed()
    timed.types("cat /file", "secret\n")
    timed.examiner.watch(step, frozenset())
    timed.may_answer.set()
    timed.rest()
    assert [one for one in timed.told if isinstance(one, CommandSeen)] == []


def test_a_command_whose_step_is_left_while_it_is_looked_at_is_no_try_in_the_next(timed, monkeypatch):
    """Nothing that comes later is another mistake after it."""
    step = step_of(LAB.replace("command: cat", "command: 'cat.* /file$'"), timed.folder)
    timed.examiner.watch(step, frozenset())

    def left_meanwhile(check, context):
        monkeypatch.undo()
        timed.examiner.watch(step, frozenset())
        return evaluate(check, context)

    monkeypatch.setattr(examiner, "evaluate", left_meanwhile)
    timed.types("cat -n /file", "nothing\n")
    timed.rest()
    timed.types("cat -n /elsewhere", "nothing\n", 1)
    timed.seen("cat -n /elsewhere")
    assert [type(one) for one in timed.told] == [CommandSeen, CommandSeen]


def test_the_checks_after_an_overtaken_one_are_not_looked_at(timed, step):
    timed.may_answer.clear()
    text = LAB.replace("id: seen", "id: last").replace(
        "{transcript: {in: box, command: cat}}\nexpect: {exit: 0, output: secret}",
        "{host: [test, -e, other]}\nexpect: {exit: 0}",
    )
    timed.examiner.watch(step_of(text, timed.folder), frozenset())
    timed.examiner.ask()
    timed.wait_until_probed()
    timed.examiner.watch(step, frozenset())
    timed.may_answer.set()
    timed.rest()
    assert timed.probed == 1
    assert timed.told == []
