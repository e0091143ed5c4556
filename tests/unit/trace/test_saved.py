"""Traces are written and read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import UsageError
from runner.trace.saved import read_trace, write_trace
from runner.trace.trace import Began, Trace, TracedCall

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


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "execve() = 0", '{"trace": 1', '{"defaultAction": "trace"}']
)
def test_other_texts_are_not_traces(text):
    assert read_trace(text) is None


@pytest.mark.parametrize(
    "change",
    [
        *({"trace": 2}, {"arch": None, "calls": 3}, {"calls": [{}]}, {"began": "then"}, {"denied": [1]}),
        *({"arch": "pdp11"}, {"runs": 1e999}, {"runs": -1}, {"seconds": float("nan")}, {"seconds": "1"}),
        *({"denied": {"mount": 4096}}, {"denied": {"mount": 1.5}}, {"names": "name"}, {"programs": [["a"]]}),
        {"notes": ["\ud800"]},
    ],
)
def test_a_damaged_trace_is_reported(change):
    with pytest.raises(UsageError, match="trace"):
        read_trace(json.dumps(json.loads(write_trace(trace())) | change))


@pytest.mark.parametrize(
    "change",
    [
        *({"count": float("inf")}, {"count": 1e999}, {"count": 1.5}, {"count": "1"}, {"count": True}),
        *({"count": -1}, {"values": [-5]}, {"values": [2**64]}, {"values": 5}, {"values": "12"}),
        *({"values": [None]}, {"first": [-1]}, {"last": [float("-inf")]}, {"errors": {"EPERM": -1}}),
        *({"errors": ["EPERM"]}, {"number": 1e999}, {"number": 2**32}, {"name": 5}, {"name": "no name"}),
        *({"name": ""}, {"arch": "pdp11"}, {"more": "no"}),
    ],
)
def test_a_damaged_call_in_a_trace_is_reported(change):
    written = json.loads(write_trace(trace(call("socket", values=(1,)))))
    written["calls"][0] |= change
    with pytest.raises(UsageError, match="a damaged trace: "):
        read_trace(json.dumps(written))
