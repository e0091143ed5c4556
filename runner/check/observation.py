"""What a probe saw, and whether it is what was expected."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from runner.check.text import text_mismatch
from runner.lab.model.check import Expectation

REFUSALS = {
    "filter": "no start, since the profile's filter denies what the runtime still has to do",
    "profile": "no start, since the engine cannot use the file as a profile",
    "hazard": "not tried, since the profile could hang the engine",
    "other": "no start, for a reason other than the profile",
}
"""What can keep a container from starting, by the word that labs use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a probe saw; None or absent where it does not look at such a thing.

    A fact may hold several values that are all true (two files with the same profile in them). `unclear` says why an
    exit status that there was cannot be told.
    """

    started: bool | None = None
    exit: int | None = None
    output: str = ""
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unclear: str = ""

    def __str__(self) -> str:
        parts = [_fact(name, values) for name, values in self.facts.items()]
        if self.started is False:
            parts.append("the container did not start")
        if self.exit is not None:
            parts.append(f"exit status {self.exit}")
        if self.output:
            parts.append(f"output {_shortened(self.output)!r}")
        return ", ".join(parts) or "nothing"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One way in which an observation is not as expected."""

    expected: str
    actual: str


def asked(expect: Expectation) -> list[str]:
    """What is asked for in the words of its mismatches, but for what an output must match: a regular expression."""
    parts = [] if expect.started is None else [_start(started=expect.started)]
    parts += [] if expect.exit is None else [f"exit status {expect.exit}"]
    parts += [f"{name} {' or '.join(accepted)}" for name, accepted in (expect.facts or {}).items()]
    return parts


def mismatches(expect: Expectation, observed: Observation) -> tuple[Mismatch, ...]:
    """Every way in which `observed` is not what `expect` asks for; empty if it is."""
    return tuple(_mismatches(expect, observed))


def _mismatches(expect: Expectation, observed: Observation) -> Iterator[Mismatch]:
    if expect.started is not None and observed.started is not expect.started:
        yield Mismatch(_start(started=expect.started), _start(started=observed.started))
    if expect.exit is not None and (observed.exit is None or not expect.exit.accepts(observed.exit)):
        yield Mismatch(f"exit status {expect.exit}", str(replace(observed, output="")))
    if expect.output is not None and (problem := text_mismatch(expect.output, observed.output)):
        yield Mismatch(problem, _shortened(observed.output) or "no output")
    for name, accepted in (expect.facts or {}).items():
        seen = observed.facts.get(name, ())
        if not set(seen) & set(accepted):
            yield Mismatch(_fact(name, accepted), _fact(name, seen))


def _fact(name: str, values: Collection[str]) -> str:
    if name == "refused":
        return " or ".join(REFUSALS[value] for value in values) or "nothing kept a container from starting"
    return f"{name} {' or '.join(values) or 'unknown'}"


def _start(*, started: bool | None) -> str:
    return {
        True: "the container starts",
        False: "the container does not start",
        None: "no container was started",
    }[started]


def _shortened(text: str, limit: int = 300) -> str:
    text = text.strip()
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"
