"""The profiles of a file that a name picks."""

from runner.profile.errors import ProfileError
from runner.profile.holders.found import Held, Holding
from runner.profile.holders.unnamed import names_none, of_container


def chosen(holding: Holding, name: str) -> list[Held]:
    """The profiles of that name; all of them without a name.

    Raises:
        ProfileError: there is none, or none has that name.
    """
    name = holding.name_of(name)
    found = [held for held in holding.profiles if not name or held.is_called(name)]
    if found:
        return found
    if cut := holding.cut_before_a_profile():
        raise cut
    if unnamed := of_container(holding, name) if name else names_none(holding):
        raise unnamed
    if name and [held.where for held in holding.profiles] == [""]:
        raise ProfileError(
            f"is one profile, and holds none that is named {name!r}", remedy="name the file alone"
        )
    names = dict.fromkeys(held.name for held in holding.profiles)
    names |= dict.fromkeys(container.name for container in holding.containers)
    if name and names:
        raise ProfileError(f"holds no profile named {name!r}", remedy=f"name one of {'; '.join(names)}")
    raise holding.none()
