"""Options that describe a target, in the words that people copy from elsewhere."""

import argparse

import pytest

from runner.cli.profile.given.options import read_arch, read_kernel, read_time
from runner.errors import ExitCode, UsageError


@pytest.mark.parametrize("option", ["--arch", "--kernel", "--caps", "--abi"])
def test_an_empty_variable_is_no_choice(profile, option):
    code, out, err = profile("simulate", "default", "chmod", option, "")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "next: write" in err


def test_a_machine_is_named_as_people_name_it():
    assert read_arch("linux/arm64/v8") == "arm64"
    assert read_kernel("Linux host 6.1.0-27-amd64 #1 SMP") == (6, 1)
    with pytest.raises(UsageError, match="unknown architecture 'x32'"):
        read_arch("x32")


@pytest.mark.parametrize(("text", "seconds"), [("10", 10), ("1.5s", 1.5), ("2m", 120), ("1h", 3600)])
def test_a_time_has_a_unit_or_is_in_seconds(text, seconds):
    assert read_time(text) == seconds


@pytest.mark.parametrize("text", ["inf", "nan", "-1", "0", "1e9", "soon", "", "m"])
def test_what_is_no_time_to_wait_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="not a time"):
        read_time(text)
