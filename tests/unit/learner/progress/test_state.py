"""The fold over a learner's events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.learner.progress.state import LabState, fold
from runner.record.event import (
    Alive,
    CheckPassed,
    CheckTried,
    Event,
    Happening,
    HintShown,
    Known,
    LabBegun,
    LabClosed,
    LabFinished,
    LabOpened,
    LabReset,
    QuizAnswered,
    StepEntered,
    StepReset,
    StepSolved,
    Trial,
    happening,
)
from runner.record.time_spent import LONGEST_PAUSE

KINDS = [kind.kind for kind in Known.__args__]
NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2)
)
EVENTS = st.lists(
    st.builds(
        Event,
        learner=st.just("me"),
        workshop=NAMES,
        lab=NAMES,
        step=st.one_of(NAMES, st.just("")),
        time=st.floats(0, 1e10, allow_nan=False),
        happening=st.builds(
            happening,
            st.one_of(st.sampled_from(KINDS), st.text(max_size=5)),
            st.dictionaries(
                st.sampled_from(["check", "quiz", "option", "correct", "text"]), st.one_of(VALUES, NAMES)
            ),
        ),
    ),
    max_size=30,
)


def event(happening: Happening, step: str = "first", time: float = 0.0) -> Event:
    return Event(learner="me", workshop="w", lab="l", step=step, time=time, happening=happening)


def lab(*events: Event) -> LabState:
    return fold(events).lab("w", "l")


@given(EVENTS)
def test_every_history_leads_somewhere(events):
    """The fold is defined for any events in any order, including unknown kinds and data."""
    for state in fold(events).labs.values():
        assert state.seconds >= 0


@given(EVENTS, st.integers(0, 30))
def test_resuming_is_the_same_as_never_having_stopped(events, cut):
    """Folding the events before a restart and then those after it gives the same result as folding all at once."""
    assert fold(events[cut:], fold(events[:cut])) == fold(events)


@pytest.mark.parametrize(
    ("happenings", "begun"),
    [
        ([LabOpened(), StepEntered(), CheckPassed("true from the start"), Alive(), LabClosed()], False),
        ([StepEntered(), StepReset()], False),
        ([StepEntered(), LabBegun()], True),
        ([StepEntered(), HintShown()], True),
        ([StepEntered(), QuizAnswered("q", 0)], True),
        ([StepEntered(), StepSolved()], True),
        ([StepEntered(), LabFinished()], True),
        ([StepEntered(), LabBegun(), LabReset(), StepEntered()], False),
    ],
)
def test_looking_at_a_lab_does_not_begin_it(happenings, begun):
    assert lab(*map(event, happenings)).begun is begun


def test_going_to_another_step_begins_the_lab():
    assert lab(event(StepEntered()), event(StepEntered(), "second")).begun


@given(EVENTS)
def test_a_pass_stays_until_it_is_reset(events):
    """No event but a failure, or a reset of its step or its lab, takes a passed check away."""
    progress = fold([])
    for one in events:
        before, progress = progress, fold([one], progress)
        if not isinstance(one.happening, CheckTried | StepReset | LabReset):
            for key, state in before.labs.items():
                assert state.passed <= progress.labs[key].passed


@pytest.mark.parametrize(
    ("outcome", "passed"), [(Trial.FAILED, set()), (Trial.ERROR, {"guard"}), (Trial.SKIPPED, {"guard"})]
)
def test_a_check_that_fails_after_it_passed_has_to_pass_again(outcome, passed):
    before = event(CheckPassed("guard")), event(CheckTried("guard", outcome))
    assert lab(*before).passed == passed
    assert lab(*before, event(CheckPassed("guard"))).passed == {"guard"}


def test_a_failed_check_stays_so_until_it_passes_or_its_step_is_reset():
    """In a step that the learner is in; what is told late of another lab or run has no place."""
    failed = CheckTried("guard", Trial.FAILED, "seen")
    entered = event(StepEntered()), event(failed)
    assert lab(*entered).of("first").failed == {"guard": "seen"}
    assert lab(*entered, event(CheckTried("guard", Trial.ERROR))).of("first").failed == {"guard": "seen"}
    assert lab(*entered, event(CheckPassed("guard"))).of("first").failed == {}
    assert lab(*entered, event(StepReset())).of("first").failed == {}
    assert lab(*entered, event(LabReset()), event(failed)).steps == {}
    assert not lab(*entered).begun


def test_where_the_learner_stands():
    state = lab(
        event(LabOpened()),
        event(StepEntered()),
        event(CheckPassed("one")),
        event(HintShown()),
        event(HintShown()),
        event(StepEntered(), "second"),
        event(StepSolved(), "second"),
        event(QuizAnswered("q", 1, correct=True), "second"),
    )
    assert state.step == "second"
    assert state.of("first").passed == {"one"}
    assert state.of("first").hints == 2
    assert state.of("second").solved
    assert state.of("second").answers == {"q": 1}
    assert not state.finished


def test_a_reset_step_is_new_but_its_hints_are_not_forgotten():
    """Hints that were read stay in the lab's count, since the learner knows them."""
    state = lab(event(StepEntered()), event(CheckPassed("one")), event(HintShown()), event(StepReset()))
    assert state.of("first").passed == frozenset()
    assert state.of("first").hints == 0
    assert state.hints == 1


def test_a_reset_lab_is_new():
    state = lab(event(StepEntered()), event(CheckPassed("one")), event(LabFinished()), event(LabReset()))
    assert state == LabState()


def test_time_counts_while_the_lab_is_on_the_screen():
    """Neither the time between two runs counts, nor a long absence in front of the screen."""
    state = lab(
        event(LabOpened(), time=1000),
        event(HintShown(), time=1010),
        event(LabClosed(), time=1030),
        event(LabOpened(), time=90000),
        event(HintShown(), time=90005),
        event(HintShown(), time=90005 + LONGEST_PAUSE + 1),
    )
    assert state.seconds == 35


def test_time_after_a_crash_counts_up_to_the_last_sign_of_life():
    state = lab(event(LabOpened(), time=1000), event(Alive(), time=1060), event(LabOpened(), time=5000))
    assert state.seconds == 60


def test_the_current_lab_is_the_last_one_that_was_entered():
    other = Event(learner="me", workshop="w", lab="other", step="", time=2, happening=LabOpened())
    progress = fold([event(LabOpened()), other, event(LabClosed())])
    assert progress.current == ("w", "other")
