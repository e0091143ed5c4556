"""`runner.profile.evidence.unfinished`: calls of strace whose results stand on a later line."""

from tests.unit.profile.evidence.reading import counts, read


def test_an_interrupted_call_is_one_call_with_its_result() -> None:
    text = """\
[pid 7<a>] futex(0x1, FUTEX_WAIT, 0, NULL <unfinished ...>
[pid 8<b>] futex(0x2, FUTEX_WAKE, 1) = 1
[pid 7<a>] <... futex resumed>) = -1 EAGAIN (Resource temporarily unavailable)
"""
    evidence, seen = read(text)
    assert [(call.pid, call.thread, call.args, call.errno) for call in seen] == [
        (8, "b", ("0x2", "FUTEX_WAKE", "1"), ""),
        (7, "a", ("0x1", "FUTEX_WAIT", "0", "NULL"), "EAGAIN"),
    ]
    assert counts(text) == {"futex": 2}
    assert evidence.used_lines == 3


def test_a_call_with_only_its_end_counts_once_and_has_no_arguments() -> None:
    text = "[pid 7] <... nanosleep resumed>NULL) = 0\n"
    _, (call,) = read(text)
    assert (call.name, call.args, call.result) == ("nanosleep", None, "0")
    assert counts(text) == {"nanosleep": 1}


def test_a_call_that_never_ends_is_reported_at_the_end() -> None:
    _, seen = read("7 read(3,  <unfinished ...>\n7 +++ killed by SIGKILL +++\n")
    assert [(call.name, call.args, call.result) for call in seen] == [("read", ("3",), "")]
