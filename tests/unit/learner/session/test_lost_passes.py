"""A pass that is lost again before the step is done."""

from contextlib import closing

import pytest

from runner.check.outcome import Failed, Passed
from runner.learner.session import examiner
from runner.learner.session.events import CheckJudged
from tests.unit.learner.watched import LAB, Watched, step_of

GUARDED = LAB.replace(
    """probe: {host: [test, -e, note]}
expect: {exit: 0}
""",
    """probe: {file: mine.json}
expect: {output: careful}
precheck: {pass: It starts out so and must stay so}
""",
)


@pytest.fixture
def guarded(tmp_path):
    """A step with a check that held before the learner did anything, and the file that it looks at."""
    (tmp_path / "mine.json").write_text("careful")
    watched = Watched(tmp_path)
    with closing(watched.examiner):
        watched.examiner.watch(step_of(GUARDED, tmp_path), frozenset())
        watched.judged("there", Passed)
        yield watched, tmp_path / "mine.json"


def test_a_pass_is_lost_when_the_learner_breaks_its_file_and_comes_back(guarded):
    watched, file = guarded
    file.write_text("everything is allowed")
    watched.examiner.saved({"mine.json"})
    assert not watched.judged("there", Failed).asked
    watched.forget()
    file.write_text("careful again")
    watched.examiner.saved({"mine.json"})
    watched.judged("there", Passed)


def test_a_lost_pass_is_told_once_and_as_a_failed_try_also_where_the_file_is_gone(guarded):
    watched, file = guarded
    file.unlink()
    watched.examiner.saved({"mine.json"})
    lost = watched.judged("there", Failed)
    assert not lost.outcome.untried
    # What was asked for comes after all that the save brought about.
    watched.examiner.ask()
    watched.judged("seen", Failed)
    told = [one for one in watched.told if isinstance(one, CheckJudged) and one.check.id == "there"]
    assert [type(one.outcome) for one in told if not one.asked] == [Passed, Failed]


def test_two_who_find_a_pass_lost_do_not_trip_each_other(guarded):
    watched, file = guarded
    held = watched.examiner._passed()
    file.write_text("everything is allowed")
    assert watched.examiner._look_again(held) == {"there"}
    assert watched.examiner._look_again(held) == set()


def test_two_who_find_a_pass_lost_at_once_tell_it_once(guarded, monkeypatch):
    watched, file = guarded
    held = watched.examiner._passed()
    file.write_text("everything is allowed")
    found = []

    def evaluate_beside_another(*arguments):
        monkeypatch.undo()
        found.append(watched.examiner._look_again(held))
        return examiner.evaluate(*arguments)

    monkeypatch.setattr(examiner, "evaluate", evaluate_beside_another)
    found.append(watched.examiner._look_again(held))
    assert found == [{"there"}, set()]


def test_the_last_check_does_not_pass_before_those_that_held_were_looked_at_again(guarded):
    watched, file = guarded
    file.write_text("everything is allowed")
    watched.types("cat /other", "secret\n")
    watched.judged("seen", Passed)
    told = [(one.check.id, type(one.outcome)) for one in watched.told if isinstance(one, CheckJudged)]
    assert told == [("there", Passed), ("there", Failed), ("seen", Passed)]
    file.write_text("careful")
    watched.forget()
    watched.examiner.changed()
    watched.judged("there", Passed)


def test_a_step_that_is_done_stays_done(guarded):
    watched, file = guarded
    watched.types("cat /other", "secret\n")
    watched.judged("seen", Passed)
    watched.forget()
    file.write_text("everything is allowed")
    watched.examiner.saved({"mine.json"})
    watched.examiner.look()
    assert watched.told == []
