"""YAML that nests too deep is found before it is composed."""

import pytest
import yaml

from runner.yaml_nesting import first_refused, may_nest_deep

DEEP = {
    "brackets": "[" * 1_000,
    "braces": "{a: " * 1_000,
    "dashes": "- " * 1_000,
    "keys": "? " * 1_000,
    "mixed": "? - " * 500,
    "lines": "".join(f"{' ' * level}a:\n" for level in range(1_000)),
    "old ends of lines": "".join(f"{' ' * level}a:\r" for level in range(1_000)),
    "lists in maps": "".join(f"{'  ' * level}a:\n{'  ' * level}-\n" for level in range(1_000)),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_text_that_nests_deep_may_do_so(text: str) -> None:
    assert may_nest_deep(text)
    found = first_refused(text, yaml.CSafeLoader, most_levels=60, aliases=True)
    assert isinstance(found, yaml.CollectionStartEvent)


@pytest.mark.parametrize(
    "text",
    [
        "a: [b, {c: d}]\n" * 200,
        "key: " + "a long value " * 1_000,
        "- a:\n    b: c\n" * 10_000,
    ],
)
def test_a_text_that_does_not_is_known_without_parsing_it(text: str) -> None:
    assert not may_nest_deep(text)


def test_as_many_levels_as_may_be_are_not_refused() -> None:
    assert first_refused("[[[]]]", yaml.CSafeLoader, most_levels=3, aliases=True) is None
    found = first_refused("a:\n  [[[]]]", yaml.CSafeLoader, most_levels=3, aliases=True)
    assert found is not None
    assert (found.start_mark.line, found.start_mark.column) == (1, 4)


def test_an_alias_is_refused_unless_a_text_may_have_some() -> None:
    text = "a: &x b\nc: *x\n"
    assert first_refused(text, yaml.CSafeLoader, most_levels=3, aliases=True) is None
    found = first_refused(text, yaml.CSafeLoader, most_levels=3, aliases=False)
    assert isinstance(found, yaml.AliasEvent)


def test_the_deepest_text_that_passes_can_be_composed() -> None:
    lines = "".join(f"{' ' * level}a:\n" for level in range(499))
    text = lines + " " * 499 + "[a: " * 500 + "x" + "]" * 500
    assert not may_nest_deep(text)
    assert yaml.compose(text, yaml.CSafeLoader) is not None
