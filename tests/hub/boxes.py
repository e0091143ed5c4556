"""The starter of boxes, whose boxes run a small program instead of the labs: `boxes.py FOLDER SOCKET PROGRAM`."""

import os
import signal
import sys
from pathlib import Path

from runner.box.box import Content
from runner.box.room import Room, Share
from runner.hub.box_host import BoxHost, listen

SMALL = Share(memory=200 * 2**20, disk=32 * 2**20, pids=60)


def main() -> None:
    """Serve until a signal; says `ready`."""
    folder, socket, program = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    room = Room.under(folder, share=SMALL)
    lock = room.prepare()
    python = Content.of((), folders=(), image=None)
    host = BoxHost(room, Content((sys.executable, "-c", program), python.folders), hub=os.geteuid())
    try:
        with listen(socket, os.geteuid()) as listener:
            print("ready", flush=True)
            host.serve(listener)
    except KeyboardInterrupt:
        pass
    finally:
        host.close()
        os.close(lock)


if __name__ == "__main__":
    main()
