"""A stand-in for a class's screen: prints its size when that changes, and leaves when told to."""

import os
import signal
import sys

if __name__ == "__main__":
    say = lambda *_: os.write(1, b"%dx%d %s\n" % (*os.get_terminal_size(0), sys.argv[1].encode()))  # noqa: E731
    signal.signal(signal.SIGWINCH, say)
    say()
    for line in sys.stdin:
        if line.strip() == "q":
            break
