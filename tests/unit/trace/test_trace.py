"""Traces are merged with those of other runs."""

import pytest

from runner.errors import UsageError
from runner.trace.trace import MOST_VALUES, Began, Trace, TracedCall, merged


def call(name, count=1, **more):
    return TracedCall(name=name, arch="amd64", count=count, **more)


def trace(*calls, **more):
    return Trace(arch="amd64", calls=calls, **more)


def test_runs_add_up():
    one = trace(call("read", 3, errors={"EINTR": 1}), names=("a",), seconds=1.0)
    other = trace(call("read", 2, errors={"EINTR": 2, "EIO": 1}), call("write", 9), names=("b",), seconds=2.0)
    both = merged([one, other])
    assert [(each.name, each.count) for each in both.calls] == [("write", 9), ("read", 5)]
    assert both.calls[1].errors == {"EINTR": 3, "EIO": 1}
    assert (both.runs, both.names, both.seconds) == (2, ("a", "b"), 3.0)


def test_a_call_that_one_run_allowed_was_not_denied():
    denied = trace(call("keyctl", errors={"EPERM": 1}), denied={"keyctl": 1, "mount": 1})
    let_through = trace(call("keyctl"))
    assert merged([denied, let_through]).denied == {"mount": 1}


def test_the_weakest_beginning_is_that_of_all():
    assert merged([trace(began=Began.START), trace(began=Began.ATTACHED)]).began is Began.ATTACHED


def test_too_many_values_are_no_list_of_all():
    many = [trace(call("socket", values=(number,))) for number in range(MOST_VALUES + 1)]
    [found] = merged(many).calls
    assert (len(found.values), found.more) == (MOST_VALUES, True)


@pytest.mark.parametrize("traces", [[], [trace(), Trace(arch="arm64", calls=())]])
def test_only_traces_of_one_architecture_make_one(traces):
    with pytest.raises(UsageError):
        merged(traces)
