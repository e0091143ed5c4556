"""Telling an engine that broke from one that refused: both answer with an error's text."""

import re

_BROKE = re.compile(
    r"""Cannot\ connect\ to\ the\ Docker\ daemon
    | error\ during\ connect:
    | failed\ to\ start\ shim:
    | ttrpc:\ closed
    | containerd\b.*\b(?:connection\ (?:refused|reset)|not\ running|unavailable)
    | transport:\ (?:[Ee]rror\ while\ dialing|is\ closing)
    | (?:no\ space\ left\ on\ device | too\ many\ open\ files | cannot\ allocate\ memory)\b
    """,
    re.VERBOSE,
)
_REFUSED = re.compile(r"OCI (?:runtime|permission)|seccomp")
"""Words of the low-level runtime, which speaks about the container and not about the engine."""


def tells_of_breakdown(text: str) -> bool:
    """Whether an engine, or `docker` that speaks for it, says that it is gone or broken, and not what it refuses."""
    return _BROKE.search(text) is not None and _REFUSED.search(text) is None
