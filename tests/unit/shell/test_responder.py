"""`runner.shell.responder`: answers to a terminal's queries."""

from hypothesis import given
from hypothesis import strategies as st

from runner.shell.responder import Responder


def test_a_shell_that_has_ended_needs_no_answer():
    def gone(_answer):
        raise BrokenPipeError

    Responder(gone).feed(b"\x1b[6n")


@given(st.lists(st.integers(1, 12)))
def test_queries_are_answered_once_wherever_they_are_cut(sizes):
    data = b"$ \x1b[6n text \x1b[31m\x1b[0c\x1b[c\x1b[>c\x1b[5n\x1b[66n"
    answers = []
    responder = Responder(answers.append)
    for size in [*sizes, len(data)]:
        chunk, data = data[:size], data[size:]
        responder.feed(chunk)
    assert answers == [b"\x1b[1;1R", b"\x1b[?1;2c", b"\x1b[?1;2c", b"\x1b[>0;0;0c", b"\x1b[0n"]
