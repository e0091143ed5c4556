"""Why a command failed, in words that are true of a seccomp filter set up by the engine or by the program."""

import pytest

from runner.profile.evidence.model import EvidenceKind, SeenCall
from runner.trace.own_seccomp import Own, OwnRefusal
from runner.trace.why import Answer
from runner.tui.screens.lab.failure_words import nothing_denied, traces

MKDIR = SeenCall(kind=EvidenceKind.STRACE, name="mkdir", line=1, errno="EPERM")


@pytest.mark.parametrize(
    ("own", "own_filter", "said"),
    [
        ((), False, "seccomp denied none of its calls"),
        ((OwnRefusal(MKDIR, Own.STRICT, True),), False, "and yet it was seccomp"),
        ((OwnRefusal(MKDIR, Own.FILTER, False),), True, "filter of its own, which can make any call fail"),
        ((), True, "filter of its own, which can make any call fail"),
    ],
)
def test_seccomp_is_ruled_out_only_where_the_program_has_set_up_none(own, own_filter, said):
    assert said in nothing_denied(Answer((), (), (), (), "", own=own, own_filter=own_filter), 137)


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("strace -f ls", True),
        ("cd /tmp && sudo strace ls | grep open", True),
        ("sh -c 'strace ls'", True),
        ("echo 'a; strace b'", False),
        ("grep strace notes", False),
    ],
)
def test_a_tracer_counts_where_it_is_called(text: str, *, calls: bool) -> None:
    assert traces(text, 1) is calls
