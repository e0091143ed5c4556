"""What a probe saw, and whether it is what was expected."""

import fnmatch
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from runner.check.text import text_mismatch
from runner.lab.model.check import CallMatch, Expectation

REFUSALS = {
    "filter": "no start, since the profile's filter denies what the runtime still has to do",
    "profile": "no start, since the engine cannot use the file as a profile",
    "hazard": "not tried, since the profile could hang the engine",
    "other": "no start, for a reason other than the profile",
}
"""What can keep a container from starting, by the word that labs use."""


class DeniedCall(NamedTuple):
    """A call that seccomp denied: what decided, the rule in words, and the errno or action that the program got."""

    name: str
    cause: str
    rule: str
    fate: str

    def __str__(self) -> str:
        return f"{self.name} ({self.fate} by {self.rule})"


class TracedCalls(NamedTuple):
    """What a traced program called, by name and how often, and the denied ones of these."""

    counts: Mapping[str, int]
    denied: tuple[DeniedCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a probe saw; None or absent where it does not look at such a thing.

    A fact may hold several values that are all true (two files with the same profile in them). `unclear` says why an
    exit status that there was cannot be told. `traced` is None where nothing was, or the program never began.
    """

    started: bool | None = None
    exit: int | None = None
    output: str = ""
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unclear: str = ""
    traced: TracedCalls | None = None

    def __str__(self) -> str:
        parts = [_fact(name, values) for name, values in self.facts.items()]
        if self.started is False:
            parts.append("the container did not start")
        if self.exit is not None:
            parts.append(f"exit status {self.exit}")
        if self.traced is not None:
            parts.append(_calls_in_words(self.traced.counts))
            parts.append(_denials_in_words(self.traced.denied))
        if self.output:
            parts.append(f"output {_shortened(self.output)!r}")
        return ", ".join(parts) or "nothing"

    @property
    def as_printed(self) -> str:
        """The same, with the output as it stands, at most some 300 characters of it."""
        rest = str(replace(self, output=""))
        output = _shortened(self.output)
        return "; ".join([*([] if output and rest == "nothing" else [rest]), *([output] if output else [])])


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
    parts += [] if expect.calls is None else [_wanted("calls", expect.calls)]
    parts += [] if expect.denied is None else [_wanted("denied calls", expect.denied)]
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
    yield from _call_mismatches(expect, observed.traced)


def _call_mismatches(expect: Expectation, traced: TracedCalls | None) -> Iterator[Mismatch]:
    wanted = [("calls", expect.calls), ("denied calls", expect.denied)]
    for what, match in wanted:
        if match is None:
            continue
        if traced is None:
            yield Mismatch(_wanted(what, match), "the program never began, so it called nothing")
            continue
        if what == "calls":
            names: Collection[str] = traced.counts
            actual = _calls_in_words(names)
        else:
            names = {call.name for call in traced.denied if not match.by or call.cause in match.by}
            actual = _denials_in_words(traced.denied)
        if not _fits(match, names):
            yield Mismatch(_wanted(what, match), actual)


def _fits(match: CallMatch, names: Collection[str]) -> bool:
    def found(pattern: str) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for name in names)

    return (
        all(map(found, match.all))
        and (not match.any or any(map(found, match.any)))
        and not any(map(found, match.none))
    )


def _wanted(what: str, match: CallMatch) -> str:
    parts = [
        *([f"with {' and '.join(match.all)}"] if match.all else ()),
        *([f"with {' or '.join(match.any)}"] if match.any else ()),
        *([f"without {' or '.join(match.none)}"] if match.none else ()),
        *([f"decided by {' or '.join(match.by)}"] if match.by else ()),
    ]
    return f"{what} {', '.join(parts)}"


def _calls_in_words(names: Iterable[str]) -> str:
    return f"calls {_shortened(', '.join(names)) or 'none'}"


def _denials_in_words(denied: tuple[DeniedCall, ...]) -> str:
    said = dict.fromkeys(map(str, denied))
    return f"denied calls {_shortened('; '.join(said)) or 'none'}"


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
