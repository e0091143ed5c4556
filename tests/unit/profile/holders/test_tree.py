"""`runner.profile.holders.tree`: values of YAML are what Kubernetes reads."""

from time import process_time

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


@pytest.mark.parametrize("part", ["[", "{a: ", "- "])
def test_a_text_that_is_nested_a_little_too_deep_is_told_so(part: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_trees(f"a:\n  {part * 100}{'x' * ('-' in part)}" + {"[": "]", "{a: ": "}"}.get(part, "") * 100)
    assert "nested deeper than" in caught.value.reason
    assert caught.value.at is not None
    assert caught.value.at.line == 2


def test_an_ordinary_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yaml.parse", lambda *_: pytest.fail("the text is parsed twice"))
    text = f"- image: [b, 'c']\n  data: {'long ' * 500}\n" * 400
    assert read_trees(text)[0].value


def test_a_text_may_have_many_parts_beside_each_other() -> None:
    (tree,) = read_trees("- a: [b, {c: d}]\n" * 1_000)
    assert isinstance(tree.value, tuple)
    assert len(tree.value) == 1_000


@pytest.mark.parametrize(
    "part", ['{"log": "a"}\n', '[{"a": 1}]\n', "---\na: b\n", "- a\n", "a: [b,\n  {c: d}]\n---\n"]
)
def test_many_documents_are_read_in_linear_time(part: str) -> None:
    def seconds(times: int) -> float:
        begin = process_time()
        assert read_trees(part * times)
        return process_time() - begin

    # The square of eight would be 64.
    assert min(seconds(8_000) for _ in range(2)) < 24 * max(seconds(1_000), 0.01)


def test_each_of_several_documents_has_its_place() -> None:
    trees = read_trees('{"a": 1}\n{"a":\n  2}')
    assert [(tree.line, tree.column) for tree in trees] == [(1, 1), (2, 1)]
    value = trees[1].get("a")
    assert value is not None
    assert (value.line, value.column) == (3, 3)
