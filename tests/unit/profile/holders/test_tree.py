"""`runner.profile.holders.tree`: values of YAML are what Kubernetes reads."""

import pytest

from runner.profile.holders.tree import read_trees


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("04000", 0o4000),
        ("0o4000", 0o4000),
        ("0x800", 0x800),
        ("0b11", 3),
        ("-010", -8),
        ("1_000", 1000),
        ("2048", 2048),
        ("0", 0),
        ("1:30", "1:30"),
        ("'04000'", "04000"),
        ("'0o4000'", "0o4000"),
    ],
)
def test_numbers(written: str, value: int | str) -> None:
    (tree,) = read_trees(f"value: {written}\n")
    assert isinstance(tree.value, dict)
    assert tree.value["value"].value == value
