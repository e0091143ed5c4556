"""Versions of engines, runtimes and libraries, and their order: a release candidate comes before its release."""

import re
from dataclasses import dataclass
from functools import total_ordering

_LENGTH = 4
_PARTS = 3
_RELEASE = 3
_STAGES = {"alpha": 0, "beta": 1, "rc": 2}
_VERSION = re.compile(
    r"\s*(?:[0-9]{1,3}:|(?i:docker|moby|runc)[- ](?:version[ ])?)?"
    r"v?(?P<numbers>[0-9]{1,6}+(?:\.[0-9]{1,6}+)*+)"
    r"(?:[-~.]?(?P<stage>alpha|beta|rc)[-.]?(?P<count>[0-9]{1,6})?)?(?![0-9a-zA-Z:]|,[0-9])"
)


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A version such as `20.10.24`, `1.0.0-rc8` or `24`; missing numbers count as 0, `text` is its spelling."""

    _order: tuple[int, ...]
    numbers: tuple[int, ...]
    text: str

    @classmethod
    def of(cls, text: str) -> "Version":
        """Read the version at the start of a text, without a distribution's or vendor's additions.

        A package's epoch (`5:20.10.7~3-0~debian`) may precede it, also the name in a tag (`docker-v29.4.0`) or in a
        program's version output (`Docker version 20.10.9, build …`).

        Raises:
            ValueError: the text does not start with a version.
        """
        match = _VERSION.match(text)
        if match is None:
            raise ValueError(f"{text!r} is not a version")
        numbers = tuple(int(part) for part in match["numbers"].split("."))
        padded = (*numbers, *(0,) * (_LENGTH - len(numbers)))
        stage = _STAGES.get(match["stage"], _RELEASE)
        order = (*padded[:_LENGTH], stage, int(match["count"] or 0))
        return cls(order, numbers, text[match.start("numbers") : match.end()])

    @property
    def is_series(self) -> bool:
        """True if it names a series of releases (`24`, `20.10`) rather than one release."""
        return len(self.numbers) < _PARTS and self._order[_LENGTH] == _RELEASE

    def has(self, other: "Version") -> bool:
        """True if `other` is this version, or belongs to this series."""
        if self.is_series:
            return other.numbers[: len(self.numbers)] == self.numbers
        return self == other

    def reaches(self, other: "Version") -> bool:
        """True if it is `other` or newer; a series is as new as its last release."""
        return self >= other or self.has(other)

    def __eq__(self, other: object) -> bool:
        return self._order == other._order if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._order < other._order if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._order)

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def __str__(self) -> str:
        return self.text
