"""How the screen is divided between what is read and the terminals."""

from runner.tui.settings import Settings

_STEP = 0.05
_LEAST, _MOST = 0.15, 0.85


class Split:
    """The part of the screen that what is read has, beside each other and one above the other; remembered.

    None, which it is until the learner moves it, leaves that to the style sheet.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts = {stacked: settings.split(stacked=stacked) for stacked in (False, True)}

    def part(self, *, stacked: bool) -> float | None:
        """The part, if it was ever moved."""
        return self._parts[stacked]

    def move_to(self, part: float, *, stacked: bool) -> None:
        """Have it so, as far as both can still be used then."""
        self._parts[stacked] = min(max(part, _LEAST), _MOST)

    def step(self, now: float, steps: int, *, stacked: bool) -> None:
        """Move it from where it is now."""
        self.move_to(now + steps * _STEP, stacked=stacked)

    def reset(self, *, stacked: bool) -> None:
        """Have it as it was at the beginning."""
        self._parts[stacked] = None

    def remember(self) -> None:
        """Have it so the next time too."""
        for stacked, part in self._parts.items():
            self._settings.remember_split(part, stacked=stacked)
