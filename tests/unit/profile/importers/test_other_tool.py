"""`runner.profile.importers.other_tool`: texts that are no profile of Docker's."""

import pytest

from runner.profile.importers.other_tool import of_another_tool


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2\nallowlist\nread\n", "this is an LXC policy, and no profile of Docker's"),
        ("[Service]\nSystemCallFilter=read\n", "this is systemd's settings, and no profile of Docker's"),
        ('chmod("a", 0777) = 0\n', "this is evidence of calls, and no profile of Docker's"),
    ],
)
def test_what_another_tool_wrote_is_told_with_a_next_step(text: str, said: str) -> None:
    found = of_another_tool(text)
    assert found is not None
    assert found.reason == said
    assert "workshop profile import" in found.remedy


@pytest.mark.parametrize("text", ['{"defaultAction": ', '[{"a": 1}', "hello\n"])
def test_broken_json_and_other_words_are_nobodys(text: str) -> None:
    assert of_another_tool(text) is None
