"""What a tap knows of the shell behind it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.learner.session.tap import Prompt, Tap
from runner.shell.prompt import NONCE

MARK = (
    f"\x1b]133;D;0;aid={NONCE}-7\x07\x1b]133;A;aid={NONCE}-7;sh=br\x07$ \x1b]133;B;aid={NONCE}-7\x07".encode()
)
STARTED = f"\x1b]133;C;aid={NONCE}-7\x07".encode()


@pytest.mark.parametrize(
    ("printed", "prompt"),
    [
        (b"", Prompt.BUSY),
        (b"Welcome\r\n", Prompt.BUSY),
        (MARK, Prompt.READY),
        (MARK + b"ls", Prompt.TYPING),
        (MARK + b"ls\r\n", Prompt.BUSY),
        (MARK + b"ls\r\n" + STARTED + b"file", Prompt.BUSY),
        (MARK + b"ls\r\n" + STARTED + b"file\r\n" + MARK, Prompt.READY),
        (MARK + b"sl" + MARK, Prompt.READY),
        (b"\x1b]133;B;aid=other-7\x07", Prompt.BUSY),
    ],
    # The marks hold a number that each process draws: no name for a test.
    ids=[
        "nothing",
        "text",
        "prompt",
        "typing",
        "entered",
        "running",
        "ended",
        "prompted-again",
        "another-shells",
    ],
)
@given(data=st.data())
def test_the_prompt_is_known_however_the_output_is_cut(printed, prompt, data):
    """Marks may be spread over chunks in any way."""
    cuts = sorted(data.draw(st.sets(st.integers(0, len(printed)), max_size=6)) | {0, len(printed)})
    tap = Tap()
    for start, end in pairwise(cuts):
        tap.feed(printed[start:end] or b"\x1b[m")
    assert tap.prompt is prompt


def test_what_was_printed_before_there_was_a_screen_is_shown_first():
    tap, shown = Tap(), []
    tap.feed(b"one")
    tap.connect(shown.append)
    tap.feed(b"two")
    tap.feed(b"")
    assert shown == [b"one", b"two", b""]
    assert tap.prompt is Prompt.ENDED


def test_waiting_for_a_prompt_ends_when_the_shell_does():
    tap = Tap()
    assert not tap.wait_for_prompt(0.01)
    tap.feed(b"")
    assert not tap.wait_for_prompt(10)
