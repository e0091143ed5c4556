"""The meaning of an error message."""

from typing import NamedTuple


class Told(NamedTuple):
    """The meaning of a message: the calls that it may be about, the likeliest first, and its source.

    `runtime` if it comes from before the program started: then several calls may be missing, and the message shows only
    the first. `refused` if the profile itself was refused, and no call was denied. `step` is the remedy where the usual
    one does not help: for a refused profile whose text is not at fault, or if no profile of a container is. `flags` are
    those of `clone`, or the arguments of `socket`, where the message tells them.
    """

    calls: tuple[str, ...]
    meaning: str
    runtime: bool = False
    refused: bool = False
    step: str = ""
    flags: str = ""


OF_THREADS = "CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM"
OF_PROCESSES = "SIGCHLD"
"""The flags of `clone` for a new thread, and for a new process."""
OF_PINGS = "AF_INET, SOCK_RAW, IPPROTO_ICMP"
"""The arguments of `socket` for pings."""
