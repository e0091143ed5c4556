"""A cache that is made once for all boxes, so that none has to make its own."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from runner.box.resources import ClassResources
from runner.lab.read.workshop import read_workshop
from runner.learner.workshop_cache import WorkshopCache


def made_ahead(resources: ClassResources, workshops: Iterable[Path], language: str = "") -> Path:
    """A folder of a cache in which the workshops with these folders are, as they were read; it goes with the class.

    Those that have the `language` are in that one.

    Raises:
        OSError: it cannot be written.
    """
    folder = resources.run / "made"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for workshop in workshops:
        its = language if language and (workshop / language).is_dir() else ""
        reading = read_workshop(workshop, its)
        if reading.workshop is not None and not reading.problems:
            sources = [*reading.sources, workshop / its] if its else reading.sources
            WorkshopCache(workshop, folder, language=its).keep(reading.workshop, sources)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
