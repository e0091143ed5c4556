"""`runner.profile.calls.spelling`: what stands before a call's name, and the number of one of x32."""

import pytest

from runner.profile.calls.spelling import arch_of_number, plain
from runner.profile.calls.syscalls import arch
from runner.profile.evidence.names import named

SPELLINGS = ["SYS_read", "__NR_read", "NR_read", "sys_read", "SYS_READ"]
SYMBOLS = [f"__{of}_sys_read" for of in ("x64", "ia32", "arm64", "s390", "s390x", "riscv", "se", "do")]


@pytest.mark.parametrize("word", [*SPELLINGS, *SYMBOLS])
def test_a_command_and_a_log_know_the_same_spellings(word: str) -> None:
    assert plain(word) == "read"
    found = named(word, arch("amd64"))
    assert found is not None
    assert (found.name, found.known) == ("read", True)


@pytest.mark.parametrize("word", ["#read_me", "#-1", "read_me", "sys_nothing"])
def test_a_word_that_is_no_call_stays_as_it_is(word: str) -> None:
    assert plain(word) == word


@pytest.mark.parametrize(
    ("number", "go", "own"),
    [
        (0x40000000, "amd64", "x32"),
        (0x40000000, "arm64", "arm64"),
        (0xFFFFFFFF, "amd64", "amd64"),
        (0, "amd64", "amd64"),
    ],
)
def test_bit_30_of_a_number_makes_it_one_of_x32(number: int, go: str, own: str) -> None:
    assert arch_of_number(number, arch(go)).go == own
