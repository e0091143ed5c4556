import pytest

from runner.profile.calls.groups import KNOWN
from runner.profile.calls.signatures import INT_ARGUMENTS, POINTERS


@pytest.mark.parametrize("table", [POINTERS, INT_ARGUMENTS], ids=["pointers", "ints"])
def test_only_real_calls_with_six_arguments(table):
    assert table.keys() <= KNOWN
    assert all(index < 6 for indices in table.values() for index in indices)


def test_no_argument_is_both_an_address_and_cut_to_32_bits():
    """An address without its upper half would be useless."""
    assert {
        name: both for name in POINTERS if (both := POINTERS[name] & INT_ARGUMENTS.get(name, set()))
    } == {}


@pytest.mark.parametrize(
    ("call", "addresses", "ints"),
    [
        ("bind", {1}, {0, 2}),
        ("prctl", set(), {0}),
        ("swapoff", {0}, set()),
        ("statx", {1, 4}, {0, 2, 3}),
        ("symlinkat", {0, 2}, {1}),
        ("getsockopt", {3, 4}, {0, 1, 2}),
        ("accept4", {1, 2}, {0, 3}),
    ],
)
def test_tables_agree_with_the_kernels_prototypes(call, addresses, ints):
    assert (POINTERS.get(call, set()), INT_ARGUMENTS.get(call, set())) == (addresses, ints)
