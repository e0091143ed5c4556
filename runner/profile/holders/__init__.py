"""Files that contain profiles among other things: compose files, `docker inspect`, manifests, configurations."""

from runner.profile.holders.find import find_profiles
from runner.profile.holders.found import Held, Holding, Place

__all__ = ["Held", "Holding", "Place", "find_profiles"]
