"""The names of images as people write them, and the one that was meant."""

import re
from collections.abc import Collection

from runner.suggest import nearest

OWN = "seccomp-workshop-"
"""How the names of the workshop's own images begin."""
_LATEST = ":latest"


def plain(name: str) -> str:
    """The name without the tag that is meant anyway."""
    return name.removesuffix(_LATEST)


def meant(word: str, names: Collection[str]) -> str:
    """The image that was meant by a name that the engine does not have; "" if none is near."""
    known = [plain(name) for name in names]
    repository = re.split(r"[:@]", word.rpartition("/")[2])[0].lower()
    return repository if repository in known else nearest(plain(word).lower(), known)
