"""The programs that read a JSON file with a profile among other things; to any other one it is an empty profile."""

from enum import Enum, auto
from typing import NamedTuple

from runner.profile.holders.tree import Tree

_OF_RUNTIME = "linux.seccomp"


class Carrier(Enum):
    """The kind of file around a profile."""

    CONFIGURATION = auto()
    """A runtime's own, `config.json`."""
    MANIFEST = auto()
    """An object of Kubernetes, such as the Security Profiles Operator's or a ConfigMap."""
    WRAPPER = auto()
    """A file that no known program looks into."""


class Carried(NamedTuple):
    """A profile that a program misses to which the whole file is given; `where` is the profile's path in it."""

    carrier: Carrier
    where: str


def carried_by(root: Tree, where: str) -> Carried | None:
    """What the document `root` is around the object at the path `where`.

    None for YAML and arrays, which no engine takes, and for what shows a container or describes it to an engine.
    """
    if not isinstance(root.value, dict) or root.cut is None or not where:
        return None
    if root.text("kind"):
        return Carried(Carrier.MANIFEST, where)
    if "services" in root.value or where.endswith(f".{_OF_RUNTIME}"):
        return None
    own = where == _OF_RUNTIME and "ociVersion" in root.value
    return Carried(Carrier.CONFIGURATION if own else Carrier.WRAPPER, where)
