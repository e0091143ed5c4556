"""The next step for a fault in a profile whose message has none: to correct the text."""

from shlex import quote

from runner.cli.profile.given.inputs import spoken
from runner.profile.errors import ProfileError

_NO_FILES = (spoken("-"), spoken("{}"))


def next_step(error: ProfileError) -> str:
    """What to do about the fault; "" for one that is in no text."""
    if not error.file:
        return ""
    of_profile = error.document is not None or error.at is None or error.at.in_json
    in_a_file = error.file not in _NO_FILES
    if not (of_profile and in_a_file):
        return "correct it there"
    return f"correct it; `workshop profile lint {quote(error.file)}` lists all that is wrong with it"
