"""What becomes of a class that is over."""

import time

from runner.box.room import SEATS, Room

INSTRUCTOR = "instructor"
"""The folder of the instructor's notes and reports, in the class's own."""
PAST = "past"
"""The folder of what is kept of classes that are over, beside the class's own."""


def forget(room: Room) -> None:
    """Put away the record of the class that was held last, and the instructor's notes and reports, in a folder.

    Its people, and what they kept in their boxes, are deleted.

    Raises:
        OSError: that cannot be done.
    """
    past = room.state / PAST
    past.mkdir(mode=0o700, exist_ok=True)
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for file in sorted(room.own.glob("class.sqlite3*")):
        file.replace(past / f"{stamp}{file.name.removeprefix('class')}")
    if (own := room.own / INSTRUCTOR).exists():
        own.replace(past / stamp)
    for file in [room.own / "roll.json", *room.settings.glob("*")]:
        file.unlink(missing_ok=True)
    for number in range(1, SEATS + 1):
        room.forget(number)
