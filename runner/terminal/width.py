"""Keeps a program from changing the terminal's width, which the window decides."""

import re

_SWITCH = re.compile(rb"\x1b\[\?(40|3)([hl])")
_BEGINNING = re.compile(rb"\x1b(\[(\?(3|40?)?)?)?\Z")
_CLEAR = b"\x1b[r\x1b[2J\x1b[H"


class WidthGuard:
    """Removes the switch between 80 and 132 columns (DECCOLM) from a stream of chunks.

    Its side effects remain: margins and screen are cleared, if the program allowed the switch before (DECSET 40).
    """

    def __init__(self) -> None:
        self._held = b""
        self._allowed = False

    def filter(self, data: bytes) -> bytes:
        """The bytes to interpret; a possible start of such a sequence is held back until its rest comes."""
        data = self._held + data
        beginning = _BEGINNING.search(data, max(0, len(data) - 5))
        end = beginning.start() if beginning else len(data)
        self._held, data = data[end:], data[:end]
        return _SWITCH.sub(self._replace, data) if b"\x1b[?" in data else data

    def _replace(self, switch: re.Match[bytes]) -> bytes:
        if switch[1] == b"40":
            self._allowed = switch[2] == b"h"
            return b""
        return _CLEAR if self._allowed else b""
