"""`runner.profile.evidence.folded_message`: messages that stand on several lines."""

from textwrap import wrap
from time import process_time

import pytest

from runner.profile.evidence import read_evidence
from tests.unit.profile.evidence.reading import AMD64

MESSAGE = (
    "docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime "
    "create failed: runc create failed: unable to start container process: error during container init: unable to "
    "apply caps: operation not permitted: unknown."
)


def calls(text: str) -> list[tuple[int, str]]:
    """The lines of the messages of a text, and the first call that each may be about."""
    messages = read_evidence(text, AMD64).messages
    return [(each.line, (each.meaning.calls or ("",))[0] if each.meaning else "") for each in messages]


@pytest.mark.parametrize("width", [50, 60, 72, 80, 100, 120, 200])
def test_a_message_that_a_terminal_has_broken_is_one(width: int) -> None:
    cut = [MESSAGE[start : start + width] for start in range(0, len(MESSAGE), width)]
    for lines in (cut, [line.rstrip() for line in cut], wrap(MESSAGE, width)):
        assert calls("\n".join(("$ docker run x", *lines, "$ ", ""))) == [(2, "capset")]


@pytest.mark.parametrize("quote", ["'", '"', ""])
def test_a_message_that_yaml_has_folded_is_one(quote: str) -> None:
    first, *rest = wrap(f"{quote}{MESSAGE}{quote}", 70)
    text = f"  - state:\n      waiting:\n        message: {first}\n"
    text += "".join(f"          {line}\n" for line in rest) + "        reason: CreateContainerError\n"
    assert calls(text) == [(3, "capset")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("unshare: unshare failed: Operation not\npermitted\n", [(1, "unshare")]),
        ("x\nmount: /mnt: permission de\nnied.\n", [(2, "mount")]),
        ("fchmodat2: Function not\n  implemented\ny\n", [(1, "fchmodat2")]),
    ],
)
def test_a_reason_that_is_broken_is_joined(text: str, found: list[tuple[int, str]]) -> None:
    assert calls(text) == found


@pytest.mark.parametrize(
    "text",
    [
        f"{MESSAGE}\n{MESSAGE}\n",
        f"{MESSAGE}\nrunc create failed: unable to apply caps: operation not permitted\n",
        "docker: Error response from daemon: OCI runtime create failed: unable to apply caps\n" * 2,
        "unshare: Operation\n\nunshare: Operation not permitted\nunshare: Operation not permitted\n",
    ],
)
def test_two_messages_are_two(text: str) -> None:
    assert len(calls(text)) == 2


def test_a_message_is_over_where_another_entry_begins() -> None:
    first = "time=1 failed to create task for container: unable to start container process"
    other = "2026-11-27 unshare: unshare failed: Operation not permitted"
    assert calls(f"{first}\n{other}\n") == [(1, ""), (2, "unshare")]


@pytest.mark.parametrize(
    "first",
    [
        "Error response from daemon: No such container: web",
        'Error response from daemon: Conflict. The container name "/web" is already in use',
        "OCI runtime exec failed: exec failed: unable to start container process: exit status 1",
        "container_linux.go:380: starting container process caused: process_linux.go:545: container init caused",
        "crun: error opening file `/x`: Not a directory",
    ],
)
@pytest.mark.parametrize(
    ("other", "call"),
    [
        ("unshare: unshare failed: Operation not permitted", "unshare"),
        ("mount: /mnt: permission denied.", "mount"),
        ("ping: socket: Operation not permitted", "socket"),
        ("chmod: changing permissions of 'x': Operation not permitted", "fchmodat"),
        ("foo: bar: Operation not permitted", ""),
    ],
)
def test_a_program_s_message_is_its_own_behind_a_runtime_s(first: str, other: str, call: str) -> None:
    assert calls(f"{first}\n{other}\n")[-1] == (2, call)


@pytest.mark.parametrize("first", ["unable to", "container init: unable to", "unable to apply"])
def test_a_word_before_a_colon_is_no_program_within_a_sentence(first: str) -> None:
    start = "OCI runtime create failed: runc create failed: unable to start container process: error during "
    rest = MESSAGE.partition(f" {first} ")[2]
    assert rest
    assert calls(f"{start}{first}\n{rest}\n") == [(1, "capset")]


@pytest.mark.parametrize(
    "between", ["read(3) = 0", "7 +++ exited with 0 +++", "[pid 7] <... read resumed>) = 0"]
)
@pytest.mark.parametrize(
    ("begin", "rest"),
    [
        ("unshare: unshare failed: Operation not", "permitted"),
        (MESSAGE[:180], MESSAGE[180:]),
        ("  message: 'oci runtime: unable to apply", "    caps: operation not permitted'"),
    ],
)
def test_lines_that_are_not_next_to_each_other_are_no_message(begin: str, rest: str, between: str) -> None:
    (joined,) = read_evidence(f"{begin}\n{rest}\n", AMD64).messages
    assert joined.line == 1
    apart = read_evidence(f"{begin}\n{between}\n{rest}\n", AMD64).messages
    assert joined.text not in [message.text for message in apart]


@pytest.mark.parametrize(
    "line",
    [
        "oci runtime create failed",
        "a operation not",
        "message: oci runtime\n  a",
        "oci runtime: a\nfoo: permission denied",
    ],
)
def test_lines_are_joined_in_linear_time(line: str) -> None:
    def seconds(times: int) -> float:
        begin = process_time()
        read_evidence(f"{line}\n" * times, AMD64)
        return process_time() - begin

    # The square of eight would be 64.
    assert min(seconds(4_000) for _ in range(2)) < 24 * max(seconds(500), 0.01)


@pytest.mark.parametrize("quote", ["", "    ", "> ", "> >     "])
def test_a_message_does_not_end_with_a_colon_however_it_was_broken(quote: str) -> None:
    lines = (
        "OCI runtime exec failed: exec failed: unable to start container process:",
        "unable to init seccomp: error loading seccomp filter into kernel:",
        "error loading seccomp filter: errno 524: unknown",
    )
    (message,) = read_evidence("\n".join(f"{quote}{line}" for line in lines), AMD64).messages
    assert message.line == 1
    assert message.text.endswith("errno 524: unknown")
    assert message.meaning is not None
    assert "bpf_jit_limit" in message.meaning.step
