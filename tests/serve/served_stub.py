"""Stands in for the workshop in a served session: reports what it is given, and notes when it starts and ends.

Arguments: the file for the notes, and how it behaves: `plain`, `deaf` (does not end when asked) or `broken`.
"""

import json
import os
import signal
import sys
from pathlib import Path


def main() -> None:
    notes, manner = Path(sys.argv[1]), sys.argv[2]
    note(notes, f"start {os.getpid()}")
    if manner == "broken":
        sys.exit("it does not work")
    if manner == "deaf":
        signal.signal(signal.SIGTERM, lambda *_: (note(notes, "told"), os._exit(0)))
    sys.stdout.buffer.write(b"__GANGLION__\n")
    say({"environment": dict(os.environ), "folder": str(Path.cwd())})
    while packet := read():
        kind, payload = packet
        say({kind: payload})
        if kind == "M" and json.loads(payload)["type"] == "quit" and manner != "deaf":
            break
    while manner == "deaf":
        signal.pause()
    note(notes, f"end {os.getpid()}")


def read() -> tuple[str, str] | None:
    head = sys.stdin.buffer.read(5)
    return (
        (head[:1].decode(), sys.stdin.buffer.read(int.from_bytes(head[1:], "big")).decode()) if head else None
    )


def say(what: dict) -> None:
    data = json.dumps(what).encode()
    sys.stdout.buffer.write(b"D" + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()


def note(notes: Path, line: str) -> None:
    with notes.open("a") as file:
        file.write(f"{line}\n")


if __name__ == "__main__":
    main()
