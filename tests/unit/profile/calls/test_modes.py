"""`runner.profile.calls.modes`: a mode in decimal is most likely meant in octal."""

import pytest

from runner.profile.calls.call import parse_call


@pytest.mark.parametrize(
    ("words", "index"),
    [(("chmod", "/x", "777"), 1), (("openat", "-100", "/x", "0", "644"), 3), (("umask", "022"), None)],
)
def test_a_mode_that_looks_like_octal_is_noted(words: tuple[str, ...], index: int | None) -> None:
    notes = [note for note in parse_call(words).notes if "mode" in note]
    assert notes == (
        []
        if index is None
        else [
            f"argument {index} is a mode, and {words[-1]} is read as a decimal number: write 0{words[-1]} for octal"
        ]
    )


@pytest.mark.parametrize(
    "words",
    [
        ("chmod", "/x", "0777"),
        ("chmod", "/x", "0x1ff"),
        ("chmod", "/x", "511"),
        ("chmod", "/x", "420"),
        ("kill", "777"),
    ],
)
def test_other_numbers_are_taken_as_they_are(words: tuple[str, ...]) -> None:
    assert not [note for note in parse_call(words).notes if "mode" in note]
