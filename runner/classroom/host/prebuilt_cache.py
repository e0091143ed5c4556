"""A cache built once for all boxes, so that none has to build its own."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from runner.box.resources import ClassResources
from runner.lab.read.workshop import read_workshop
from runner.learner.workshop_cache import WorkshopCache


def prebuilt_cache(resources: ClassResources, workshops: Iterable[Path], language: str = "") -> Path:
    """A cache folder with the workshops in these folders, already parsed; it is deleted with the class.

    A workshop that has the `language` is parsed in it.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = resources.run / "made"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for workshop in workshops:
        its = language if language and (workshop / language).is_dir() else ""
        cache = WorkshopCache(workshop, folder, language=its)
        stamps = cache.look()
        reading = read_workshop(workshop, its)
        if reading.workshop is not None and not reading.problems:
            cache.keep(reading.workshop, reading.sources, stamps)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
