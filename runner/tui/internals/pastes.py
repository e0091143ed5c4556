"""Pastes of any size, passed on while they arrive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from runner.language import tr

BEGIN, END = b"\x1b[200~", b"\x1b[201~"
LIMIT = 1 << 20
"""The largest paste, in bytes, for a widget that takes pastes as a whole."""
BACKLOG = 1 << 20
"""Bytes that may wait for a program before no more of a paste is read."""
PATIENCE = 3.0
"""Seconds that a program may take none of a paste before the rest is dropped: no key gets through until then."""
# The part of the paste marker that no single key sends.
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the input: keys, or text of a paste, or (without either) a paste's beginning or end."""

    keys: bytes = b""
    text: bytes = b""
    begins: bool = False
    ends: bool = False


class PasteSplitter:
    """Separates marked pastes from keys in a terminal's bytes, wherever the reads divide them."""

    def __init__(self) -> None:
        self._pasting = False
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The pieces of the next read; a possible start of a marker is held back."""
        data, self._held = self._held + data, b""
        while data:
            marker = END if self._pasting else BEGIN
            before, found, after = data.partition(marker)
            if not found:
                cut = len(before) - _begun(before, marker, 1 if self._pasting else _LEAST)
                before, self._held = before[:cut], before[cut:]
            if before:
                yield Piece(text=before) if self._pasting else Piece(keys=before)
            if found:
                self._pasting = not self._pasting
                yield Piece(begins=self._pasting, ends=not self._pasting)
            data = after

    def flush(self) -> bytes:
        """Held bytes that turned out not to start a paste, since nothing followed."""
        held = b"" if self._pasting else self._held
        self._held = self._held[len(held) :]
        return held


def _begun(data: bytes, marker: bytes, least: int) -> int:
    """The number of bytes at the end of `data` that may be the start of `marker`."""
    for length in range(len(marker) - 1, least - 1, -1):
        if data.endswith(marker[:length]):
            return length
    return 0


class PasteTaker(Protocol):
    """A receiver that takes a paste as it arrives."""

    def begin_paste(self) -> bool:
        """True if it takes this paste in parts; otherwise it gets it as a whole."""

    def take_paste_part(self, data: bytes) -> None:
        """Take the next bytes."""

    def end_paste(self) -> None:
        """The paste is complete."""

    def drop_paste(self) -> None:
        """Drop the input that waits for the program behind it, which takes none; no more will come."""

    @property
    def paste_backlog(self) -> int:
        """The number of bytes that wait for the program behind it."""


class PasteStream:
    """One paste in progress: passed to a taker as that takes it, or collected for a widget that wants it whole."""

    def __init__(
        self,
        taker: PasteTaker | None,
        *,
        whole: Callable[[str], None],
        dropped: Callable[[str], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`whole` gets a collected paste; `dropped` gets the reason if a part was lost."""
        self._taker = taker if taker is not None and taker.begin_paste() else None
        self._whole = whole
        self._dropped = dropped
        self._clock = clock
        self._collected = bytearray()
        self._dropping = False
        self._backlog, self._since = 0, clock()

    @property
    def full(self) -> bool:
        """True if nothing more should be read now."""
        if self._taker is None or self._dropping:
            return False
        backlog = self._taker.paste_backlog
        if backlog <= BACKLOG:
            self._backlog = 0
            return False
        if backlog != self._backlog:
            self._backlog, self._since = backlog, self._clock()
        elif self._clock() - self._since > PATIENCE:
            self._taker.drop_paste()
            self._drop(
                tr(
                    "The program does not take the pasted text; the rest was dropped. If it hears no key any "
                    "more: Shift+Tab, then x begins the step with a new shell."
                )
            )
        return not self._dropping

    def add(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._dropping:
            return
        if self._taker is not None:
            self._taker.take_paste_part(data)
        else:
            self._collected += data[: LIMIT - len(self._collected)]
            if len(self._collected) == LIMIT:
                self._drop(tr("Only the first MiB was pasted here."))

    def end(self) -> None:
        """End the paste, which is complete."""
        if self._taker is not None:
            if not self._dropping:
                self._taker.end_paste()
        else:
            self._whole(self._collected.decode("utf-8", "replace").replace("\x00", ""))

    def _drop(self, why: str) -> None:
        self._dropping = True
        self._dropped(why)
