"""`runner.suggest`: a suggestion is a word of which a slip was made, or there is none."""

import pytest

from runner.profile.calls.groups import KNOWN
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.suggest import did_you_mean, nearest

FAMILIES = ("AF_NFC", "AF_INET", "AF_UNIX", "--profile", "--caps", "SCMP_ACT_LOG", "SCMP_ACT_ERRNO")


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("CAP_FOO", ALL_CAPABILITIES),
        ("CAP_SYS_FOO", ALL_CAPABILITIES),
        ("AF_FOO", FAMILIES),
        ("SCMP_ACT_FOO", FAMILIES),
        ("foocall", KNOWN),
    ],
)
def test_another_word_of_a_family_is_no_suggestion(word, known):
    assert nearest(word, known) == ""
    assert did_you_mean(word, known) == ""


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("chmd", KNOWN, "chmod"),
        ("opne", KNOWN, "open"),
        ("sokcet", KNOWN, "socket"),
        ("getdents_64", KNOWN, "getdents64"),
        ("CAP_SYS_ADMN", ALL_CAPABILITIES, "CAP_SYS_ADMIN"),
        ("AF_INNET", FAMILIES, "AF_INET"),
        ("--profle", FAMILIES, "--profile"),
        ("ERRNO", FAMILIES, "SCMP_ACT_ERRNO"),
    ],
)
def test_a_slip_gets_the_word_that_is_meant(word, known, meant):
    assert nearest(word, known, cutoff=0.5) == meant
