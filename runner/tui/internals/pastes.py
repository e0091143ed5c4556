"""Pastes of any size, handed on while they arrive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from runner.language import tr

BEGIN, END = b"\x1b[200~", b"\x1b[201~"
LIMIT = 1 << 20
"""Bytes of a paste that a widget gets which wants it whole."""
BACKLOG = 1 << 20
"""Bytes that may wait for a program before no more of a paste is read."""
PATIENCE = 3.0
"""Seconds that a program may take none of a paste before the rest is dropped: no key comes through until then."""
# Of the marker that begins a paste, as much as no key alone sends.
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the input: keys, or text of a paste, or (without either) a paste's beginning or end."""

    keys: bytes = b""
    text: bytes = b""
    begins: bool = False
    ends: bool = False


class PasteSplitter:
    """Tells marked pastes from keys in the bytes of a terminal, wherever the reads divide them."""

    def __init__(self) -> None:
        self._pasting = False
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The pieces of the next read; what may be the beginning of a marker waits for more."""
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
        """What was held for the beginning of a paste and is none, since nothing has followed."""
        held = b"" if self._pasting else self._held
        self._held = self._held[len(held) :]
        return held


def _begun(data: bytes, marker: bytes, least: int) -> int:
    """How many bytes at the end of `data` may be the beginning of `marker`."""
    for length in range(len(marker) - 1, least - 1, -1):
        if data.endswith(marker[:length]):
            return length
    return 0


class PasteTaker(Protocol):
    """Takes a paste as it arrives."""

    def begin_paste(self) -> bool:
        """Whether it takes this one so; else it gets it whole."""

    def take_paste_part(self, data: bytes) -> None:
        """Take the next bytes."""

    def end_paste(self) -> None:
        """There are no more."""

    def drop_paste(self) -> None:
        """Forget what waits for the program behind it, which does not take it; there is no more."""

    @property
    def paste_backlog(self) -> int:
        """Bytes that wait for the program behind it."""


class PasteStream:
    """One paste on its way: to a taker as far as that keeps up with it, or collected for anyone who wants it whole."""

    def __init__(
        self,
        taker: PasteTaker | None,
        *,
        whole: Callable[[str], None],
        dropped: Callable[[str], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`whole` gets what is collected; `dropped` is told why something of it was lost."""
        self._taker = taker if taker is not None and taker.begin_paste() else None
        self._whole = whole
        self._dropped = dropped
        self._clock = clock
        self._collected = bytearray()
        self._dropping = False
        self._backlog, self._since = 0, clock()

    @property
    def full(self) -> bool:
        """Whether nothing more should be read now."""
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
                    "The program does not take what is pasted; the rest of it was dropped. If it hears no key any "
                    "more: Shift+Tab, then x begins the step with a new shell."
                )
            )
        return not self._dropping

    def add(self, data: bytes) -> None:
        """The next bytes have come."""
        if self._dropping:
            return
        if self._taker is not None:
            self._taker.take_paste_part(data)
        else:
            self._collected += data[: LIMIT - len(self._collected)]
            if len(self._collected) == LIMIT:
                self._drop(tr("Only the first MiB was pasted here."))

    def end(self) -> None:
        """The paste is complete."""
        if self._taker is not None:
            if not self._dropping:
                self._taker.end_paste()
        else:
            self._whole(self._collected.decode("utf-8", "replace").replace("\x00", ""))

    def _drop(self, why: str) -> None:
        self._dropping = True
        self._dropped(why)
