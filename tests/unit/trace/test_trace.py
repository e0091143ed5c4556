"""Traces are written, read again, and merged with those of other runs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import UsageError
from runner.trace.trace import MOST_VALUES, Began, Trace, TracedCall, merged, read_trace, write_trace

NUMBERS = st.integers(0, 2**64 - 1)
CALLS = st.builds(
    TracedCall,
    name=st.sampled_from(["read", "socket", "clone", "#999"]),
    arch=st.sampled_from(["amd64", "386"]),
    count=st.integers(1, 10**9),
    number=st.none() | st.integers(0, 1000),
    errors=st.dictionaries(st.sampled_from(["EPERM", "ENOENT"]), st.integers(1, 9)),
    first=st.lists(st.none() | NUMBERS, max_size=6).map(tuple),
    last=st.lists(st.none() | NUMBERS, max_size=6).map(tuple),
    values=st.lists(NUMBERS, max_size=4).map(tuple),
    more=st.booleans(),
)
TRACES = st.builds(
    Trace,
    arch=st.just("amd64"),
    calls=st.lists(CALLS, max_size=5, unique_by=lambda call: (call.name, call.arch)).map(tuple),
    began=st.sampled_from(Began),
    programs=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    denied=st.dictionaries(st.sampled_from(["mount", "clone3"]), st.integers(0, 133)),
    names=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    notes=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)


def call(name, count=1, **more):
    return TracedCall(name=name, arch="amd64", count=count, **more)


def trace(*calls, **more):
    return Trace(arch="amd64", calls=calls, **more)


@given(TRACES)
def test_a_written_trace_is_read_again(one):
    assert read_trace(write_trace(one)) == one


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


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "execve() = 0", '{"trace": 1', '{"defaultAction": "trace"}']
)
def test_other_texts_are_not_traces(text):
    assert read_trace(text) is None


@pytest.mark.parametrize(
    "change", [{"trace": 2}, {"arch": None, "calls": 3}, {"calls": [{}]}, {"began": "then"}, {"denied": [1]}]
)
def test_a_damaged_trace_is_reported(change):
    with pytest.raises(UsageError, match="trace"):
        read_trace(json.dumps(json.loads(write_trace(trace())) | change))
