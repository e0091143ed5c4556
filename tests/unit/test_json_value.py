"""JSON that may be anything."""

import pytest

from runner.json_value import json_value


def test_a_value_is_read_from_text_or_bytes():
    assert json_value('{"a": [1]}') == json_value(b'{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize(
    ("text", "why"), [("{", "Expecting"), (b"\xff", "decode"), ("[" * 100_000, "nested too deeply")]
)
def test_what_is_none_has_one_error(text, why):
    with pytest.raises(ValueError, match=why):
        json_value(text)
