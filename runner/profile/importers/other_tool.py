"""Texts that are no profile of Docker's: what another tool wrote, by its name, with what to do about it."""

from runner.profile.errors import ProfileError
from runner.profile.foreign.outputs import foreign
from runner.profile.holders.settings import begins_with_section
from runner.profile.holders.tree import first_sign
from runner.profile.importers.detect import TITLES, detect


def of_another_tool(text: str) -> ProfileError | None:
    """The error for a text that another tool wrote; None for one that is meant to be a profile."""
    if found := foreign(text):
        return ProfileError(f"this is {found.name}, and no profile of Docker's", remedy=found.remedy)
    is_json = first_sign(text) in ("{", "[") and not begins_with_section(text)
    form = "" if is_json else detect(text)
    if form not in ("lxc", "systemd", "evidence"):
        return None
    return ProfileError(
        f"this is {TITLES.get(form, 'evidence of calls')}, and no profile of Docker's",
        remedy="make a profile of it with `workshop profile import`",
    )
