"""Dataclasses as JSON, and back."""

import pytest

from runner.record.codec import unpacked
from runner.record.event import CheckTried, Unknown, happening
from runner.record.wire import BadLineError, Hello, decode


@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan"), True])
def test_a_time_is_a_number_that_can_be(number):
    with pytest.raises(ValueError, match=r"Hello\.time"):
        unpacked(Hello, {"record": "r", "time": number})


def test_a_line_with_a_number_too_large_is_refused():
    line = b'{"version": 1, "hello": {"record": "r", "time": 1' + b"0" * 400 + b"}}"
    with pytest.raises(BadLineError, match=r"Hello\.time"):
        decode(line, "ada")


@pytest.mark.parametrize("number", [0, 3, 1.5])
def test_a_number_becomes_a_float(number):
    assert unpacked(Hello, {"record": "r", "time": number}) == Hello("r", float(number))


@pytest.mark.parametrize("value", [{}, [], ["failed"], None, 1, "no outcome"])
def test_a_word_of_a_list_is_never_anything_else(value):
    with pytest.raises(ValueError, match=r"CheckTried\.outcome"):
        unpacked(CheckTried, {"check": "c", "outcome": value})
    assert isinstance(happening("tried", {"check": "c", "outcome": value}), Unknown)


def test_a_list_that_is_nested_too_deeply_to_be_told_is_refused():
    value: list[object] = []
    for _ in range(10_000):
        value = [value]
    with pytest.raises(ValueError, match=r"Hello\.record cannot be a list or an object"):
        unpacked(Hello, {"record": value})
