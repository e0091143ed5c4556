"""The state of a machine before and after, compared."""

from tools.machines.person import picker
from tools.machines.scenario import _changes, _difference


def test_lines_that_came_and_went_are_shown() -> None:
    assert _difference("a\nb", "b\nc") == ["- a", "+ c"]
    assert _difference("a\nb", "b\na") == []


def test_a_service_that_was_started_is_shown() -> None:
    before = {"docker.service": "inactive 0 0, does not start by itself"}
    after = {"docker.service": "active 12 3456, starts by itself"}
    assert _changes(before, after) == [
        f"docker.service: {before['docker.service']} -> {after['docker.service']}"
    ]
    assert _changes(before, before) == []


def test_the_list_of_labs_is_known_by_its_keys() -> None:
    assert picker("1. Is seccomp there?\n q Quit")
    assert not picker("Installing ...")
