"""Signals that this program was started to ignore, as in a script's background.

A program passes that on to the programs that it starts: a shell could not be interrupted in its own terminal.
"""

import signal

_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)


def keep_from_children(*numbers: int) -> None:
    """Go on ignoring what is ignored of these signals, those of keys by default, but start programs that do not.

    The ends of children count again, if they were ignored. Only for a process's first thread.
    """
    for number in numbers or _FROM_KEYS:
        if signal.getsignal(number) is signal.SIG_IGN:
            # A new program ignores what was ignored, and has the default for what was handled.
            signal.signal(number, _do_nothing)
    if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
        # The kernel keeps no exit status then, and each program passes for successful.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def is_ignored(number: int) -> bool:
    """True if this process ignores a signal, in either way."""
    return signal.getsignal(number) in (signal.SIG_IGN, _do_nothing)


def _do_nothing(*_: object) -> None:
    pass
