"""The meaning of an error message."""

from typing import NamedTuple


class Told(NamedTuple):
    """The meaning of a message: the calls that it may be about, the likeliest first, and its source.

    `runtime` if it comes from before the program started: then several calls may be missing, and the message shows only
    the first. `refused` if the profile itself was refused, and no call was denied. `step` is the remedy where the usual
    one does not help: for a refused profile whose text is not at fault, or if no profile of a container is.
    """

    calls: tuple[str, ...]
    meaning: str
    runtime: bool = False
    refused: bool = False
    step: str = ""
