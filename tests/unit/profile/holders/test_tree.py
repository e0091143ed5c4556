"""`runner.profile.holders.tree`: values of YAML are what Kubernetes reads."""

import pytest

from runner.profile.errors import ProfileError
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


@pytest.mark.parametrize("key", ["security_opt", "seccompProfile", "defaultAction", "names"])
def test_a_key_that_decides_on_a_profile_stands_once(key: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_trees(f"a:\n  {key}: x\n  {key}: y\n")
    assert str(caught.value) == f"line 3, column 3: has the key '{key}' twice, also on line 2"
    assert caught.value.remedy


def test_another_key_may_stand_twice() -> None:
    (tree,) = read_trees("labels: x\nlabels: y\n")
    assert tree.text("labels") == "y"


@pytest.mark.parametrize(
    ("lead", "part"), [("a: ", "["), ("a: ", "{a: "), ("", "- "), ("", "? "), ("x:\n  ", "- - ")]
)
def test_a_text_that_is_nested_too_deep_is_refused_where_it_is(lead: str, part: str) -> None:
    for times in (1_000, 100_000):
        with pytest.raises(ProfileError) as caught:
            read_trees(lead + part * times)
        assert "nested deeper than" in caught.value.reason
        assert caught.value.at is not None
        assert caught.value.at.line == 1 + lead.count("\n")


def test_a_text_may_have_many_parts_beside_each_other() -> None:
    (tree,) = read_trees("- a: [b, {c: d}]\n" * 1_000)
    assert isinstance(tree.value, tuple)
    assert len(tree.value) == 1_000
