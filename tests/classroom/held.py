"""Holds a class whose boxes run a small program instead of the labs: `held.py FOLDER PORT`."""

import os
import signal
import sys
from pathlib import Path

from runner.box.resources import ClassResources
from runner.classroom.given import OWN
from runner.classroom.host.furnish import furnish
from runner.classroom.host.host import Host
from runner.classroom.host.sockets import Sockets, listen
from runner.classroom.settings import Settings
from tests.small_box import SMALL, content

CODE, INSTRUCTOR = "ABCD-2345", "WXYZ-6789"


def main() -> None:
    """Hold it until it is over or a signal comes; says `ready`."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    resources = ClassResources.under(folder, share=SMALL)
    web, ssh = listen("127.0.0.1", port), listen("127.0.0.1", 0)
    sockets = Sockets(web.web, ssh.web)
    lock = resources.prepare()
    host = sockets.web.getsockname()
    door = ssh.web.getsockname()[1]
    settings = Settings("A class", "Grace", 2, (f"127.0.0.1:{host[1]}",), CODE, INSTRUCTOR, ssh_port=door)
    furnish(resources, settings, certificate=None, key=None)
    screen = ("runner.cli.teach.screen", str(OWN), settings.title)
    held = Host(resources, content(), settings, sockets, screen=screen)
    try:
        held.hold(lambda: print("ready", host[1], door, flush=True))
        print("over", flush=True)
    except KeyboardInterrupt:
        pass
    finally:
        held.close()
        os.close(lock)


if __name__ == "__main__":
    main()
