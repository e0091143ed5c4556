"""The division of the screen between the reading side and the terminals."""

from runner.tui.settings import Settings

_STEP = 0.05
_LEAST, _MOST = 0.15, 0.85


class Split:
    """The reading side's part of the screen, side by side and stacked; remembered.

    None, the value until the learner moves it, leaves the division to the style sheet.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts = {stacked: settings.split(stacked=stacked) for stacked in (False, True)}

    def part(self, *, stacked: bool) -> float | None:
        """The part, if it was ever moved."""
        return self._parts[stacked]

    def move_to(self, part: float, *, stacked: bool) -> None:
        """Move it there, as far as both sides stay usable."""
        self._parts[stacked] = min(max(part, _LEAST), _MOST)

    def step(self, now: float, steps: int, *, stacked: bool) -> None:
        """Move it by steps from its current place."""
        self.move_to(now + steps * _STEP, stacked=stacked)

    def reset(self, *, stacked: bool) -> None:
        """Reset it to the initial state."""
        self._parts[stacked] = None

    def remember(self) -> None:
        """Save it for the next run."""
        for stacked, part in self._parts.items():
            self._settings.remember_split(part, stacked=stacked)
