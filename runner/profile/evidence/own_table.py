"""The table that `workshop profile trace` prints."""

import re
from typing import NamedTuple

_HEADING = re.compile(r"\s*CALLS\s+FAILED\s+CALL\s+THE PROFILE\s*\Z")
_ROW = re.compile(
    r"\s*(?P<count>\d{1,15}) +(?:(?P<failed>\d+ [A-Z0-9]+(?: \d+ [A-Z0-9]+)*) +)?"
    r"(?P<name>[a-z_#][a-z0-9_]*)(?: \((?P<arch>[a-z0-9]+)\))? +(?:allows it|denies it: (?P<fate>[^,]+), by .*)\Z"
)


class Row(NamedTuple):
    """A call, its count, and what a profile that denied it did: `Decision.action` and its errno."""

    name: str
    arch: str
    times: int
    action: str
    errno: str


def is_heading(text: str) -> bool:
    """True if the line is the heading of such a table."""
    return _HEADING.match(text) is not None


def row(text: str) -> Row | None:
    """A row of the table, None for another line."""
    match = _ROW.match(text)
    if match is None:
        return None
    fate = match["fate"] or ""
    errno = fate if fate[:1].isupper() else ""
    action = "errno" if errno else fate.replace(" ", "_")
    return Row(match["name"], match["arch"] or "", int(match["count"]), action, errno)
