"""Errors that a user can act on."""

import os

import pytest

from runner.errors import UsageError, WorkshopError, printable, told


def test_an_error_for_users_stays_as_it_is():
    error = UsageError("no", remedy="yes")
    assert told(error) is error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (FileNotFoundError(2, "No such file or directory", "/a/b"), "/a/b: No such file or directory"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError("odd"), "odd"),
        (IsADirectoryError(21, "Is a directory", os.fsdecode(b"\xff")), "?: Is a directory"),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_system_errors_name_their_file(error, text):
    assert isinstance(told(error), WorkshopError)
    assert str(told(error)) == text


@pytest.mark.parametrize("text", ["plain", "é€😀", "[AF_INET]", os.fsdecode(b"a\xffb"), "\ud800"])
def test_every_name_can_be_printed(text):
    assert printable(text).encode()
    assert printable("é[x]") == "é[x]"
