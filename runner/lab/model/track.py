"""Selections of a workshop's labs: the tracks that divide them, and paths for a given time."""

from typing import NamedTuple


class Track(NamedTuple):
    """Labs that belong together, by their ids in order; each lab of a workshop with tracks is in exactly one."""

    id: str
    title: str
    summary: str
    labs: tuple[str, ...]


class LearningPath(NamedTuple):
    """Some of a workshop's labs, by their ids, in the order in which to take them."""

    id: str
    title: str
    summary: str
    labs: tuple[str, ...]
