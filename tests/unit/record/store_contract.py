"""The contract of every event store: tests that a module imports beside a fixture `store`."""

import threading

import pytest

from runner.record.event import Alive, CheckPassed, CheckTried, Event, Happening, StepEntered, Trial, Unknown
from runner.record.store import EventStore, Received


def event(happening: Happening = Alive(), learner: str = "ada", time: float = 1.0) -> Event:  # noqa: B008 (frozen)
    return Event(learner=learner, workshop="w", lab="l", step="s", time=time, happening=happening)


TRIED = CheckTried("one", Trial.FAILED, "exit status 0\n“chmod” ran", asked=True)


class StoreContract:
    """A subclass has a fixture `store`: an empty store, which keeps 100 events or 200,000 bytes of a learner."""

    def test_events_come_back_as_written(self, store: EventStore) -> None:
        written = [
            event(TRIED),
            event(CheckPassed("one"), time=2.5),
            event(Unknown("later", {"a": [1, None]})),
        ]
        store.append(*written)
        assert list(store.events("ada")) == written
        assert not store.trouble

    def test_learners_are_apart(self, store: EventStore) -> None:
        store.append(event(TRIED), event(TRIED, "bob"))
        assert store.events("bob") == (event(TRIED, "bob"),)
        assert store.events("eve") == ()
        (ada, _), (bob, _) = store.after(0)
        assert store.learners() == {"ada": (ada, ada), "bob": (bob, bob)}
        store.append(event(TRIED))
        assert store.learners()["ada"] == (ada, store.after(bob)[0][0])

    def test_it_can_be_followed(self, store: EventStore) -> None:
        """Each event is behind the place of the one before it, no matter who wrote it."""
        assert list(store.after(0)) == []
        store.append(event(time=1), event(learner="bob", time=2), event(time=3))
        first = store.after(0, limit=2)
        assert [one.time for _, one in first] == [1, 2]
        place = first[-1][0]
        assert [one.time for _, one in store.after(place)] == [3]
        store.append(event(time=4))
        assert [one.time for _, one in store.after(place)] == [3, 4]

    def test_how_far_a_record_has_come_in_is_written_with_the_events(self, store: EventStore) -> None:
        assert store.received("ada", "r1") is None
        store.append(event(TRIED), received=Received("ada", "r1", 7))
        store.append(event(TRIED), received=Received("ada", "r1", 8))
        assert store.received("ada", "r1") == 8
        assert store.received("ada", "r2") is None
        assert store.received("bob", "r1") is None
        store.append(received=Received("ada", "r2", 1))
        assert [store.records(learner) for learner in ("ada", "bob")] == [2, 0]

    def test_a_learner_can_be_forgotten(self, store: EventStore) -> None:
        store.append(event(TRIED), event(), event(TRIED, "bob"), received=Received("ada", "r1", 7))
        assert store.delete("ada") == 2
        assert tuple(store.learners()) == ("bob",)
        assert store.received("ada", "r1") is None
        assert [one.learner for _, one in store.after(0)] == ["bob"]
        assert store.delete("ada") == 0

    def test_places_are_not_used_again(self, store: EventStore) -> None:
        """A follower misses nothing after a learner was deleted."""
        store.append(event(), event())
        place = store.after(0)[-1][0]
        store.delete("ada")
        store.append(event(TRIED, "bob"))
        assert [one.learner for _, one in store.after(place)] == ["bob"]

    def test_a_full_record_lets_the_oldest_perishable_events_go(self, store: EventStore) -> None:
        store.append(event(CheckPassed("first")))
        for number in range(300):
            store.append(event(TRIED, time=number))
        kept = store.events("ada")
        assert 90 <= len(kept) <= 100
        assert kept[0].happening == CheckPassed("first")
        assert kept[-1].time == 299
        assert not store.trouble

    def test_a_record_full_of_lasting_events_refuses_more_and_says_so(self, store: EventStore) -> None:
        for number in range(120):
            store.append(event(StepEntered(), time=number))
        assert [one.time for one in store.events("ada")] == list(range(100))
        assert "ada is full" in store.trouble
        store.append(event(TRIED, "bob"))
        assert store.events("bob")

    def test_a_learner_who_is_full_stays_so_until_they_are_forgotten(self, store: EventStore) -> None:
        """The room beside the important events is small, and it is not looked for again and again."""
        for number in range(98):
            store.append(event(StepEntered(), time=number))
        for number in range(98, 120):
            store.append(event(TRIED, time=number), received=Received("ada", "r1", number))
        assert [one.time for one in store.events("ada")][:98] == list(range(98))
        assert len(store.events("ada")) <= 100
        assert "ada is full" in store.trouble
        assert store.received("ada", "r1") == 119
        store.delete("ada")
        store.append(event(TRIED))
        assert len(store.events("ada")) == 1
        assert not store.trouble

    def test_the_bytes_of_a_learner_are_bounded(self, store: EventStore) -> None:
        """Each of them has 4,000, and there is room for 200,000."""
        for number in range(60):
            store.append(event(CheckPassed("x" * 4000), time=number))
        assert 45 <= len(store.events("ada")) < 50
        assert "ada is full" in store.trouble
        for number in range(60):
            store.append(event(CheckTried("x" * 4000, Trial.FAILED), learner="bob", time=number))
        assert store.events("bob")[-1].time == 59
        assert 40 <= len(store.events("bob")) < 50
        assert "bob" not in store.trouble

    @pytest.mark.parametrize("text", ["a\0b", "🙂 \u202e", "'; DROP TABLE event; --", "x" * 10_000])
    def test_any_text_is_kept(self, store: EventStore, text: str) -> None:
        store.append(event(CheckTried(text, Trial.ERROR, text), learner="ada"))
        assert store.events("ada")[0].happening == CheckTried(text, Trial.ERROR, text)

    def test_many_threads_may_write(self, store: EventStore) -> None:
        def write(learner: str) -> None:
            for number in range(20):
                store.append(event(learner=learner, time=number))

        writers = [threading.Thread(target=write, args=(f"l{number}",)) for number in range(5)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert len(store.after(0)) == 100
        assert [one.time for one in store.events("l3")] == list(range(20))
