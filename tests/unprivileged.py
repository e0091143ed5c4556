"""A user without privileges, from whom a closed folder is closed: a test as root would not notice one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[Path]:
    """Be such a user during the block; a folder of theirs is given."""
    with TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        root = os.geteuid() == 0
        if root:
            os.chown(folder, _NOBODY, _NOBODY)
            os.setegid(_NOBODY)
            os.seteuid(_NOBODY)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
                os.setegid(0)


def close(folder: Path) -> None:
    """Make a folder with a file in it, which nobody may enter."""
    folder.mkdir()
    (folder / "file").touch()
    folder.chmod(0o000)
