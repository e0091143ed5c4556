"""A console's output waits for its screen."""

from runner.learner.session.tap import Tap


def test_output_before_the_screen_is_shown_first():
    tap, shown = Tap(), []
    tap.feed(b"one")
    tap.connect(shown.append)
    tap.feed(b"two")
    tap.feed(b"")
    assert shown == [b"one", b"two", b""]
