"""Import profiles from other files: manifests, compose files, the output of `docker inspect`."""

from dataclasses import replace

from runner.profile.errors import ProfileError
from runner.profile.holders import Held, Holding, find_profiles
from runner.profile.holders.choice import chosen
from runner.profile.importers.imported import DETECTED, Imported
from runner.profile.importers.oci import import_podman


def import_held(text: str, name: str = "") -> Imported:
    """Import the profile in a file; `name` picks one of several.

    Raises:
        ProfileError: there is none, or more than one and none is named.
    """
    return import_one(only_chosen(find_profiles(text), name))


def import_operator(text: str) -> Imported:
    """Import a manifest of kind SeccompProfile, the only one in its file."""
    holding = find_profiles(text)
    manifests = tuple(held for held in holding.profiles if held.form == "operator")
    if not manifests:
        raise ProfileError("no manifest of kind SeccompProfile in it", remedy=DETECTED)
    return import_one(only_chosen(Holding(manifests), ""))


def import_one(held: Held) -> Imported:
    """Import the profile from its text, which must be present."""
    if unusable := held.unusable():
        raise unusable
    if held.part is None:
        raise ProfileError(f"{held.where} names a file: {held.file}", remedy="name that file itself")
    imported = import_podman(held.part.text, held.part.places)
    return replace(
        imported,
        notes=(*imported.notes, *(f"{lost}: not imported" for lost in held.lost)),
        read_as=f"the profile at {held.where or 'its top'}, {held.name}",
    )


def only_chosen(holding: Holding, name: str) -> Held:
    """Return the only profile of a file, or the one of that name.

    Raises:
        ProfileError: there is none, or several match.
    """
    found = chosen(holding, name)
    if len(found) > 1:
        names = "; ".join(held.name for held in holding.profiles)
        raise ProfileError(
            f"holds {len(holding.profiles)} profiles: {names}", remedy="pick one with --name, or as FILE#NAME"
        )
    return found[0]
