"""`runner.profile.evidence.messages.functions`: the calls behind functions of libraries."""

from runner.profile.calls.groups import KNOWN
from runner.profile.evidence.messages.functions import LIBUV, calls_of


def test_every_call_behind_a_function_exists() -> None:
    assert {name for calls in LIBUV.values() for name in calls} <= KNOWN


def test_a_function_that_is_not_listed_makes_no_known_call() -> None:
    assert calls_of("frobnicate") == ()
