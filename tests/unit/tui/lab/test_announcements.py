"""Messages of a lab stay long enough to be read, and name keys as they act."""

from runner.tui.lab.announcements import FRESH_SECONDS, SECONDS, Announcements


def said(announcements: Announcements) -> list[str]:
    return [one.text for one in announcements.shown]


def test_a_message_stays_for_its_time_and_the_newest_is_first():
    changes = []
    announcements = Announcements(lambda: changes.append(said(announcements)))
    announcements.add("short", severity="information", timeout=None)
    announcements.add("long", severity="error", timeout=2 * SECONDS)
    announcements.pass_time(SECONDS / 2)
    assert said(announcements) == ["long", "short"]
    announcements.pass_time(SECONDS / 2)
    assert said(announcements) == ["long"]
    announcements.pass_time(SECONDS)
    assert changes == [["short"], ["long", "short"], ["long"], []]


def test_a_message_that_is_said_again_is_there_once_and_stays_for_longer():
    announcements = Announcements(lambda: None)
    for text in ("one", "two", "one"):
        announcements.add(text, severity="warning", timeout=4)
        announcements.pass_time(3)
    assert said(announcements) == ["one"]


def test_keys_are_named_after_the_one_that_has_to_come_first():
    announcements = Announcements(lambda: None)
    announcements.add("Done.", way_on="`n` goes on, `s` solves.", severity="information", timeout=None)
    (message,) = announcements.shown
    assert message.said("") == "Done. n goes on, s solves."
    assert message.said("Shift+Tab") == "Done. Shift+Tab, then n goes on, Shift+Tab, then s solves."


def test_those_on_a_topic_are_taken_away_and_no_others():
    announcements = Announcements(lambda: None)
    for text, topic in {"one": "task", "two": "failure", "three": ""}.items():
        announcements.add(text, severity="information", timeout=None, topic=topic)
    announcements.clear("task")
    assert said(announcements) == ["three", "two"]
    announcements.clear("task", "failure")
    assert said(announcements) == ["three"]


def test_all_are_taken_away_at_once():
    announcements = Announcements(lambda: None)
    announcements.add("one", severity="information", timeout=None)
    announcements.clear()
    assert said(announcements) == []


def test_a_message_is_fresh_for_a_moment_and_its_end_is_told():
    """So one that covers the keys gives them back while it still shows, and covers them once."""
    changes = []
    announcements = Announcements(lambda: changes.append(announcements.fresh))
    announcements.add("one", severity="information", timeout=10 * FRESH_SECONDS)
    announcements.pass_time(FRESH_SECONDS / 2)
    assert changes == [True]
    announcements.pass_time(FRESH_SECONDS / 2)
    assert changes == [True, False]
    announcements.pass_time(FRESH_SECONDS)
    assert changes == [True, False]
    assert said(announcements) == ["one"]
