"""The fold over a learner's events."""

from hypothesis import given
from hypothesis import strategies as st

from runner.learner.events import Event, Kind
from runner.learner.state import LONGEST_PAUSE, LabState, fold

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
        kind=st.one_of(st.sampled_from(Kind), st.text(max_size=5)),
        time=st.floats(0, 1e10, allow_nan=False),
        data=st.dictionaries(
            st.sampled_from(["check", "quiz", "option", "correct"]), st.one_of(VALUES, NAMES)
        ),
    ),
    max_size=30,
)


def event(kind: Kind, step: str = "first", time: float = 0.0, **data: object) -> Event:
    return Event(learner="me", workshop="w", lab="l", step=step, kind=kind, time=time, data=data)


def lab(*events: Event) -> LabState:
    return fold(events).lab("w", "l")


@given(EVENTS)
def test_every_history_leads_somewhere(events):
    """The fold is defined for any events in any order, also for kinds and data that nobody writes."""
    for state in fold(events).labs.values():
        assert state.seconds >= 0


@given(EVENTS, st.integers(0, 30))
def test_resuming_is_the_same_as_never_having_stopped(events, cut):
    """What was folded before a restart and what came after lead to the same place as all at once."""
    assert fold(events[cut:], fold(events[:cut])) == fold(events)


@given(EVENTS)
def test_a_pass_stays_until_it_is_reset(events):
    """No event but a reset of its step or its lab takes a passed check away."""
    progress = fold([])
    for one in events:
        before, progress = progress, fold([one], progress)
        if one.kind not in {Kind.STEP_RESET, Kind.LAB_RESET}:
            for key, state in before.labs.items():
                assert state.passed <= progress.labs[key].passed


def test_where_the_learner_stands():
    state = lab(
        event(Kind.OPENED),
        event(Kind.ENTERED),
        event(Kind.PASSED, check="one"),
        event(Kind.HINT),
        event(Kind.HINT),
        event(Kind.ENTERED, "second"),
        event(Kind.SOLVED, "second"),
        event(Kind.ANSWERED, "second", quiz="q", option=1, correct=True),
    )
    assert state.step == "second"
    assert state.of("first").passed == {"one"}
    assert state.of("first").hints == 2
    assert state.of("second").solved
    assert state.of("second").answers == {"q": 1}
    assert not state.finished


def test_a_reset_step_is_new_but_its_hints_are_not_forgotten():
    """Hints that were read stay in the lab's count, since the learner knows them."""
    state = lab(
        event(Kind.ENTERED), event(Kind.PASSED, check="one"), event(Kind.HINT), event(Kind.STEP_RESET)
    )
    assert state.of("first").passed == frozenset()
    assert state.of("first").hints == 0
    assert state.hints == 1


def test_a_reset_lab_is_new():
    state = lab(
        event(Kind.ENTERED), event(Kind.PASSED, check="one"), event(Kind.FINISHED), event(Kind.LAB_RESET)
    )
    assert state == LabState()


def test_time_counts_while_the_lab_is_on_the_screen():
    """Neither the time between two runs counts, nor a long absence in front of the screen."""
    state = lab(
        event(Kind.OPENED, time=1000),
        event(Kind.HINT, time=1010),
        event(Kind.CLOSED, time=1030),
        event(Kind.OPENED, time=90000),
        event(Kind.HINT, time=90005),
        event(Kind.HINT, time=90005 + LONGEST_PAUSE + 1),
    )
    assert state.seconds == 35


def test_time_after_a_crash_counts_up_to_the_last_sign_of_life():
    state = lab(event(Kind.OPENED, time=1000), event(Kind.ALIVE, time=1060), event(Kind.OPENED, time=5000))
    assert state.seconds == 60


def test_the_current_lab_is_the_last_one_that_was_entered():
    other = Event(learner="me", workshop="w", lab="other", step="", kind=Kind.OPENED, time=2)
    progress = fold([event(Kind.OPENED), other, event(Kind.CLOSED)])
    assert progress.current == ("w", "other")
