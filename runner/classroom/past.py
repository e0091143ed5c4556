"""What becomes of a class that is over."""

import time

from runner.box.room import SEATS, Room


def file_away(room: Room) -> None:
    """Keep the record of a class that is over; what learners have in boxes and the instructor has written stays too.

    Raises:
        OSError: they cannot be moved.
    """
    past = room.state / "past"
    past.mkdir(mode=0o700, exist_ok=True)
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for file in sorted(room.own.glob("class.sqlite3*")):
        file.replace(past / f"{stamp}{file.name.removeprefix('class')}")
    for file in [room.own / "roll.json", *room.settings.glob("*")]:
        file.unlink(missing_ok=True)


def forget(room: Room) -> None:
    """Put the class away that was held last, and delete what its learners have kept in their boxes."""
    file_away(room)
    for number in range(1, SEATS + 1):
        room.forget(number)
