"""Becomes a session's program, after arranging a signal for when the server dies, however it dies.

A separate script, since no code may run between fork and exec in the server. Arguments: a file for the program's
standard error, the server's process id, and the program with its arguments.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Never returns."""
    log, server, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(server):
            sys.exit(0)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, sys.stderr.fileno())
    os.execv(command[0], command)  # noqa: S606 (not having a shell is the point)


if __name__ == "__main__":
    main()
