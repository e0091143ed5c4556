"""Distinguishes a broken engine from one that refuses a request: both answer with an error's text."""

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
"""Words of the low-level runtime, whose messages are about the container and not about the engine."""


def tells_of_breakdown(text: str) -> bool:
    """True if the message of an engine, or of `docker`, reports that the engine is gone or broken."""
    return _BROKE.search(text) is not None and _REFUSED.search(text) is None
