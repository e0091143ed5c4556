"""The content of the pages."""

from runner.web import pages


def test_texts_are_texts_and_only_the_foot_is_html() -> None:
    page = pages.terminal(
        "<title>",
        socket="wss://x/ws?a&b",
        starting="<one>",
        ended="<two>",
        scripts=['"s"'],
        foot="<b>foot</b>",
    ).text
    assert page is not None
    for text in (
        "&lt;title&gt;",
        "wss://x/ws?a&amp;b",
        "&lt;one&gt;",
        "&lt;two&gt;",
        "&quot;s&quot;",
        "<b>foot</b>",
    ):
        assert text in page


def test_a_message_leads_on_to_a_path_that_is_one() -> None:
    page = pages.message(403, "No", "a < b", onward='/x"y').text
    assert page is not None
    assert "a &lt; b" in page
    assert "url=/x&quot;y" in page
