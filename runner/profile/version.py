"""Versions of engines, runtimes and libraries, in their order: a release candidate comes before its release."""

import re
from dataclasses import dataclass, field

_LENGTH = 4
_RELEASE = 3
_STAGES = {"alpha": 0, "beta": 1, "rc": 2}
_VERSION = re.compile(
    r"\s*v?(?P<numbers>[0-9]{1,6}(?:\.[0-9]{1,6})*)(?![0-9])(?:[-~.]?(?P<stage>alpha|beta|rc)[-.]?(?P<count>[0-9]{1,6})?)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version such as `20.10.24`, `1.0.0-rc8` or `24`; missing numbers count as 0."""

    _order: tuple[int, ...] = field(repr=False)
    numbers: tuple[int, ...] = field(compare=False)
    stage: str = field(compare=False, repr=False)

    @classmethod
    def of(cls, text: str) -> "Version":
        """The version that a text starts with; what a distribution or a vendor appends is left out.

        Raises:
            ValueError: the text does not start with a version.
        """
        match = _VERSION.match(text)
        if match is None:
            raise ValueError(f"{text!r} is not a version")
        numbers = tuple(int(part) for part in match["numbers"].split("."))
        padded = (*numbers, *(0,) * (_LENGTH - len(numbers)))
        stage, count = match["stage"] or "", int(match["count"] or 0)
        written = f"-{stage}{match['count'] or ''}" if stage else ""
        return cls((*padded[:_LENGTH], _STAGES.get(stage, _RELEASE), count), numbers, written)

    @property
    def is_series(self) -> bool:
        """Whether it names a series of releases (`24`, `20.10`) rather than one of them."""
        return len(self.numbers) < _RELEASE and not self.stage

    def has(self, other: "Version") -> bool:
        """Whether `other` is this version, or one of this series."""
        if self.is_series:
            return other.numbers[: len(self.numbers)] == self.numbers
        return self == other

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers)) + self.stage
