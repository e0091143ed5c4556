"""Archiving of a class that is over."""

import time

from runner.box.resources import ClassResources

INSTRUCTOR = "instructor"
"""The folder of the instructor's notes and reports, in the class's own folder."""
PAST = "past"
"""The folder of what is kept of past classes, beside the current class's own."""


def forget(resources: ClassResources) -> None:
    """Move the record of the last class, and the instructor's notes and reports, into an archive folder.

    Its people, and the files in their boxes, are deleted.

    Raises:
        OSError: the files cannot be moved or deleted.
    """
    past = resources.state / PAST
    past.mkdir(mode=0o700, exist_ok=True)
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for file in sorted(resources.own.glob("class.sqlite3*")):
        file.replace(past / f"{stamp}{file.name.removeprefix('class')}")
    if (own := resources.own / INSTRUCTOR).exists():
        own.replace(past / stamp)
    for file in [resources.own / "roll.json", *resources.settings.glob("*")]:
        file.unlink(missing_ok=True)
    resources.forget_all()
