"""What becomes of a class that is over."""

import time

from runner.box.room import SEATS, Room


def forget(room: Room) -> None:
    """Put away the record of the class that was held last; its people, and what they kept in their boxes, are deleted.

    Raises:
        OSError: that cannot be done.
    """
    past = room.state / "past"
    past.mkdir(mode=0o700, exist_ok=True)
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for file in sorted(room.own.glob("class.sqlite3*")):
        file.replace(past / f"{stamp}{file.name.removeprefix('class')}")
    for file in [room.own / "roll.json", *room.settings.glob("*")]:
        file.unlink(missing_ok=True)
    for number in range(1, SEATS + 1):
        room.forget(number)
