"""`runner.profile.calls.call`: a call as people write it."""

import pytest

from runner.errors import UsageError
from runner.profile.calls.call import parse_call


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("socket", "vsock"),
            "argument 0 of socket is a number, and 'vsock' is a text (did you mean AF_VSOCK?)",
        ),
        (
            ("socket", "af_inet", "0"),
            "argument 0 of socket is a number, and 'af_inet' is a text (did you mean AF_INET?)",
        ),
        (
            ("keyctl", "read"),
            "argument 0 of keyctl is a number, and 'read' is a text (did you mean KEYCTL_READ?)",
        ),
        (("read", "read"), "argument 0 of read is a number, and 'read' is a text"),
        (("keyctl", '"x"'), "argument 0 of keyctl is a number, and '\"x\"' is a text"),
        (("socket", "AF_INET", "stream"), "argument 1 of socket is a number, and 'stream' is a text"),
    ],
)
def test_a_text_in_place_of_a_number_is_not_taken_for_a_pointer(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_call(words)
    assert str(caught.value) == said
    assert caught.value.remedy


def test_a_text_stands_for_a_pointer_elsewhere() -> None:
    call = parse_call(("openat", "AT_FDCWD", "/tmp", "O_RDONLY"))
    assert call.notes == ("argument 1: seccomp sees only a pointer, never the text that it points to",)


def test_a_number_of_x32_is_a_call_of_x32() -> None:
    call = parse_call((str(0x40000000 + 90),), "amd64")
    assert (call.syscall.name, call.arch.go) == ("chmod", "x32")
    assert parse_call(("-1",), "amd64").arch.go == "amd64"
