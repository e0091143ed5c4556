"""The box starter, with boxes that run a small program instead of the labs: `boxes.py FOLDER SOCKET`."""

import os
import signal
import sys
from pathlib import Path

from runner.box.resources import ClassResources
from runner.hub.box_host import BoxHost, listen
from tests.small_box import SMALL, content


def main() -> None:
    """Serve until a signal; says `ready`."""
    folder, socket = Path(sys.argv[1]), Path(sys.argv[2])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    resources = ClassResources.under(folder, share=SMALL)
    lock = resources.prepare()
    host = BoxHost(resources, content(), hub=os.geteuid())
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
