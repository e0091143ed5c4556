"""Escape and the key after it, which a terminal sends like that key with Alt."""

from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser

_ESCAPE = "\x1b"
_BEGIN_SEQUENCES = "[O"
_BY_WORD = "bf\x7f"
"""Alt with an arrow or Backspace, as keyboards send it to move by words."""


class EscapeParser(XTermParser):
    """Reads Escape and a character that come together as two keys, which is what a fast typist means.

    Textual reads them as the character with Alt, and drops the Escape if that has no name: `Esc : w q` in vi.
    Nothing here is bound to Alt, and a program in a terminal gets the bytes that were typed either way.
    """

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        first, second = sequence[:1], sequence[1:]
        if alt:
            # It could have begun a sequence, and nothing followed.
            first, second = _ESCAPE, sequence
        elif first != _ESCAPE or len(second) != 1 or second in _ESCAPE + _BEGIN_SEQUENCES + _BY_WORD:
            yield from super()._sequence_to_key_events(sequence)
            return
        yield events.Key("escape", first)
        yield from super()._sequence_to_key_events(second)
