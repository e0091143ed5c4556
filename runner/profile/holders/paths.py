"""Paths of members in a file, such as `spec.containers[0].securityContext`."""


def below(where: str, key: str) -> str:
    """The path of a member of what has the path `where`, "" for a whole document."""
    return f"{where}.{key}" if where else key


def last_key(where: str) -> str:
    """The last key of a path, without the index of an item."""
    return where.rpartition(".")[2].partition("[")[0]
