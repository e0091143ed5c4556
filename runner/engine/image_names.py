"""The names of images as people write them, and suggestions for unknown ones."""

import re
from collections.abc import Collection

from runner.suggest import nearest

OWN = "seccomp-workshop-"
"""The prefix of the names of the workshop's own images."""
_LATEST = ":latest"


def plain(name: str) -> str:
    """The name without the default tag."""
    return name.removesuffix(_LATEST)


def meant(word: str, names: Collection[str]) -> str:
    """The known image nearest to an unknown name; "" if none is near."""
    known = [plain(name) for name in names]
    repository = re.split(r"[:@]", word.rpartition("/")[2])[0].lower()
    return repository if repository in known else nearest(plain(word).lower(), known)
