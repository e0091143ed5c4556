"""The messages that a page may send."""

import pytest

from runner.terminal.size import Size
from runner.web.messages import Focus, Keys, Ping, read_message


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ('["stdin", "é"]', Keys("é".encode())),
        ('["resize", {"width": 90, "height": 20}]', Size.of(90, 20)),
        ('["focus"]', Focus(True)),
        ('["blur"]', Focus(False)),
        ('["ping", "1764124800000"]', Ping("1764124800000")),
    ],
)
def test_messages_of_the_page_are_read(frame: str, message: object) -> None:
    assert read_message(frame) == message


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ("", "Expecting value"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "not a message of the page"),
        ('["stdin", 1]', "not a message of the page"),
        ('["resize", {"width": "9", "height": 1}]', "not a message of the page"),
        ('["ping", [[[[]]]]]', "not a message of the page"),
    ],
    ids=lambda text: text[:40],
)
def test_invalid_messages_are_refused(frame: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}"):
        read_message(frame)
