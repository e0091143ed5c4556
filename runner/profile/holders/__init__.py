"""Files that contain profiles among other things: compose files, `docker inspect`, manifests, configurations."""

from runner.profile.holders.find import Held, Holding, Off, find_profiles

__all__ = ["Held", "Holding", "Off", "find_profiles"]
