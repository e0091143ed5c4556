"""`runner.profile.evidence.messages.status`: what the kernel says of a process's seccomp."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages.status import of_status
from tests.unit.profile.evidence.reading import AMD64

STATUS = (
    "Name:\tsh\nCapBnd:\t00000000a80425fb\nNoNewPrivs:\t0\nSeccomp:\t2\nSeccomp_filters:\t1\nThreads:\t1\n"
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Seccomp:\t0", "mode 0: seccomp is disabled"),
        ("Seccomp: 1", "mode 1, strict: the process may make read, write, exit and sigreturn alone"),
        ("  Seccomp:2 ", "mode 2, filter: at least one filter decides"),
        ("/proc/1/status:Seccomp:\t2", "mode 2, filter"),
        ("Seccomp: 7", "there is no mode 7"),
        ("Seccomp_filters:\t1", "1 filter is in force"),
        ("Seccomp_filters: 3", "3 filters are in force"),
        ("Seccomp_filters: 0", "no filter is in force"),
        ("NoNewPrivs:\t1", "no_new_privs is set"),
        ("NoNewPrivs: 0", "no_new_privs is not set"),
    ],
)
def test_a_line_of_a_process_s_status_has_a_meaning(line: str, said: str) -> None:
    (message,) = read_evidence(line, AMD64).messages
    assert message.meaning is not None
    assert message.meaning.calls == ()
    assert message.meaning.meaning.startswith(said)
    assert message.meaning.step


@pytest.mark.parametrize("line", ["Seccomp: enabled", "Seccomp: 2 of 3", "NoNewPrivs: 2", "Threads: 1"])
def test_other_lines_are_none_of_it(line: str) -> None:
    assert of_status(line) is None


def test_of_a_whole_status_the_lines_about_seccomp_count() -> None:
    messages = read_evidence(STATUS, AMD64).messages
    assert [message.line for message in messages] == [3, 4, 5]
