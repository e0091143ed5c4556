"""Lint: a container can start with a profile."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from runner.errors import UsageError
from runner.lab.read.rules import Rule
from runner.paths import read_bytes, why

if TYPE_CHECKING:
    from runner.profile.finding import Finding
    from runner.profile.model import Profile

_MOST = 2 << 20
"""In bytes: more than any profile may have; the profile's reader reports larger ones."""


class ProfileProblem(NamedTuple):
    """The fault of a profile, and its line (0: no particular one)."""

    rule: Rule
    message: str
    line: int


@lru_cache(maxsize=256)
def problem_of_file(path: Path, *, all_capabilities: bool) -> ProfileProblem | None:
    """The fault of the profile in a file; None if there is none."""
    try:
        text = read_bytes(path, _MOST).decode()
    except (OSError, ValueError) as error:
        return ProfileProblem(Rule.BAD_PROFILE, f"cannot be read: {why(error)}", 0)
    return problem_of_text(text, all_capabilities=all_capabilities)


def problem_of_text(text: str, *, all_capabilities: bool) -> ProfileProblem | None:
    """The fault of a profile for a container with all or with the default capabilities; None if there is none."""
    from runner.profile.errors import ProfileError  # noqa: PLC0415 - few labs bring a profile
    from runner.profile.source.reader import read_profile  # noqa: PLC0415 - as above

    try:
        profile = read_profile(text).profile
        hazards = _hazards(profile, all_capabilities=all_capabilities) if _could_hang(text) else ()
    except ProfileError as error:
        return ProfileProblem(Rule.BAD_PROFILE, error.reason, error.at.line if error.at else 0)
    except UsageError as error:
        return ProfileProblem(Rule.BAD_PROFILE, str(error), 0)
    return ProfileProblem(Rule.START_HAZARD, hazards[0].message, hazards[0].at.line) if hazards else None


def _could_hang(text: str) -> bool:
    """True if a close check is worth the time: only killing actions and rules with conditions can hang an engine."""
    return "_KILL" in text or "_CMP_" in text


def _hazards(profile: "Profile", *, all_capabilities: bool) -> Sequence["Finding"]:
    """Reasons why a container with this profile could hang its engine."""
    from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES  # noqa: PLC0415 - rare
    from runner.profile.lint import start_hazards  # noqa: PLC0415 - slow to import, and rarely needed
    from runner.profile.model import Target  # noqa: PLC0415 - as above

    return start_hazards(profile, Target(caps=ALL_CAPABILITIES if all_capabilities else DEFAULT_CAPABILITIES))
