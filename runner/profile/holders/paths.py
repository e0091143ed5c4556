"""Paths of members in a file, such as `spec.containers[0].securityContext`."""

_CONTAINERS = frozenset(("containers", "initContainers", "ephemeralContainers"))
"""The lists of a pod's containers."""


def below(where: str, key: str) -> str:
    """The path of a member of what has the path `where`, "" for a whole document."""
    return f"{where}.{key}" if where else key


def last_key(where: str) -> str:
    """The last key of a path, without the index of an item."""
    return where.rpartition(".")[2].partition("[")[0]


def is_of_pod(where: str) -> bool:
    """True for the path of a pod's container."""
    return last_key(where) in _CONTAINERS
