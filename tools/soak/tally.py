"""The counts of a soak, and their output."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Tally:
    """The runs of one kind: the duration of each, the failures, and the leftovers."""

    name: str
    seconds: list[float] = field(default_factory=list)
    flakes: list[str] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)

    def note(self, seconds: float, trouble: str, left: Mapping[str, Sequence[str]]) -> None:
        """Add a run; `trouble` is empty if it succeeded."""
        self.seconds.append(seconds)
        if trouble:
            self.flakes.append(trouble)
        for kind, names in left.items():
            self.left[kind] += len(names)
            self.names.setdefault(kind, names[0])
        mark = "flaky" if trouble else "left" if left else "ok"
        print(f"{self.name} {len(self.seconds):>4}  {mark:5} {seconds:6.1f} s  {trouble}", flush=True)
        for kind, names in left.items():
            print(f"        left: {kind}: {'; '.join(names)}", flush=True)

    @property
    def clean(self) -> bool:
        return not self.flakes and not self.left

    def __str__(self) -> str:
        if not self.seconds:
            return f"{self.name}: none"
        times = f"median {statistics.median(self.seconds):.1f} s, slowest {max(self.seconds):.1f} s"
        left = ", ".join(f"{count} {kind} ({self.names[kind]})" for kind, count in self.left.items()) or "0"
        return f"{self.name}: {len(self.seconds)} runs, {times}; {len(self.flakes)} flakes; leftovers: {left}"
