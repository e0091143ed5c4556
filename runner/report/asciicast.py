"""A terminal's output as asciicast version 2: a line of JSON for the header, and one for each piece of output.

The format is described at https://docs.asciinema.org/manual/asciicast/v2/.
"""

import json
from codecs import getincrementaldecoder

VERSION = 2
IDLE_LIMIT = 2.0
"""The longest silence, in seconds, that players are asked to keep; longer ones are cut to it."""


class Asciicast:
    """A recording under construction."""

    def __init__(self, *, columns: int, rows: int, timestamp: int, title: str, term: str) -> None:
        header = {
            "version": VERSION,
            "width": columns,
            "height": rows,
            "timestamp": timestamp,
            "idle_time_limit": IDLE_LIMIT,
            "title": title,
            "env": {"TERM": term},
        }
        self._lines = [json.dumps(header, ensure_ascii=False)]
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self.seconds = 0.0
        """The time of the latest piece."""

    def printed(self, data: bytes, seconds: float) -> None:
        """Add output of the terminal, `seconds` after the beginning; a character may be split between two pieces."""
        text = self._decoder.decode(data)
        if text:
            self.seconds = max(self.seconds, seconds)
            self._lines.append(json.dumps([round(self.seconds, 6), "o", text], ensure_ascii=False))

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join(self._lines) + "\n"
