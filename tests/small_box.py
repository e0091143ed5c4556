"""A box that runs a small program instead of the labs."""

import sys

from runner.box.box import Content
from runner.box.resources import Share

SMALL = Share(memory=200 * 2**20, disk=32 * 2**20, pids=60)
PROGRAM = """
import os, signal, socket, sys
# Not with print: a handler may come in the middle of one.
say = lambda text: os.write(1, text.encode() + b"\\n")
paint = lambda *_: say("painted %dx%d pid %d" % (*os.get_terminal_size(0), os.getpid()))
signal.signal(signal.SIGCONT, paint)
signal.signal(signal.SIGINT, lambda *_: say("interrupted"))
paint()
kept = []
for line in sys.stdin:
    line = line.strip()
    if line == "die": os._exit(7)
    if line == "leave": break
    if line == "storm":
        storm = [socket.socket(socket.AF_UNIX) for _ in range(300)]
        for one in storm:
            one.setblocking(False)
            one.connect_ex(os.environ["WORKSHOP_CLASS_CHANNEL"])
    if line == "size": print("%dx%d" % tuple(os.get_terminal_size(0)), flush=True)
    if line == "flood": sys.stdout.write("x" * (2 << 20) + " end of flood\\n")
    if line.startswith(("tell ", "stay ")):
        channel = socket.socket(socket.AF_UNIX)
        channel.connect(os.environ["WORKSHOP_CLASS_CHANNEL"])
        channel.sendall(line[5:].encode().decode("unicode_escape").encode("latin-1"))
        if line.startswith("tell "): channel.shutdown(socket.SHUT_WR)
        print("answer", channel.recv(4096).decode().strip(), flush=True)
        if line.startswith("stay "): kept.append(channel)
        else: channel.close()
    print("got", line[:40], flush=True)
"""


def content() -> Content:
    """The content of the box."""
    python = Content.of((), folders=(), image=None)
    return Content((sys.executable, "-c", PROGRAM), python.folders)
