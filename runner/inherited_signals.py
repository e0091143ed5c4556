"""Signals that this program was started to ignore, as with nohup or in a script's background.

A program passes that on to the programs that it starts: a shell could not be interrupted in its own terminal.
"""

import signal

_LASTING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def keep_from_children() -> None:
    """Go on ignoring these signals, and start other programs with the default; only for a process's first thread."""
    for number in _LASTING:
        if signal.getsignal(number) is signal.SIG_IGN:
            # A new program ignores what was ignored, and has the default for what was handled.
            signal.signal(number, _do_nothing)
    # Where this is ignored, the kernel keeps no exit status, and each program passes for successful.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def is_ignored(number: int) -> bool:
    """True if this process ignores a signal, in either way."""
    return signal.getsignal(number) in (signal.SIG_IGN, _do_nothing)


def _do_nothing(*_: object) -> None:
    pass
