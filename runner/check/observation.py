"""A probe's observation, and its comparison with the expectation."""

import fnmatch
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from runner.check.text import text_mismatch
from runner.lab.model.check import CallMatch, Expectation, Refused
from runner.lab.model.transcript import Status
from runner.language import tr

REFUSALS = {
    Refused.FILTER: "no start, since the profile's filter denies what the runtime still has to do",
    Refused.PROFILE: "no start, since the engine cannot use the file as a profile",
    Refused.HAZARD: "not tried, since the profile could hang the engine",
    Refused.OTHER: "no start, for a reason other than the profile",
}
"""Why a container did not start, in words; translated when shown."""
_FACTS = {
    "running": "running",
    "profile": "profile",
    "capabilities": "capabilities",
    "apparmor": "apparmor",
    "action": "action",
    "errno": "errno",
    "exists": "exists",
    "valid": "valid",
}
"""The names of facts for people, by the word that labs use."""
_VALUES = {"yes": "yes", "no": "no", "unknown": "unknown"}
"""Values of facts that are our words, and not Docker's or the kernel's."""


class DeniedCall(NamedTuple):
    """A call that seccomp denied: the cause, the rule in words, and the errno or action that the program got."""

    name: str
    cause: str
    rule: str
    fate: str

    def __str__(self) -> str:
        return tr("{name} ({fate} by {rule})", name=self.name, fate=self.fate, rule=self.rule)


class TracedCalls(NamedTuple):
    """The calls of a traced program, with their counts, and the denied ones."""

    counts: Mapping[str, int]
    denied: tuple[DeniedCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A probe's observation; fields that the probe does not observe are None or absent.

    A fact may have several values that are all true (two files with the same profile). `unclear` is the reason why an
    exit status is unknown. `traced` is None if nothing was traced, or the program never began.
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
            parts.append(tr("the container did not start"))
        if self.exit is not None:
            parts.append(tr("exit status {status}", status=self.exit))
        if self.traced is not None:
            parts.append(_calls_in_words(self.traced.counts))
            parts.append(_denials_in_words(self.traced.denied))
        if self.output:
            parts.append(tr("output {output!r}", output=_shortened(self.output)))
        return ", ".join(parts) or tr("nothing")

    @property
    def as_printed(self) -> str:
        """The observation in words, with at most about 300 characters of the output."""
        others = replace(self, output="")
        output = _shortened(self.output)
        says_more = not output or others != Observation()
        return "; ".join([*([str(others)] if says_more else []), *([output] if output else [])])


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference between an observation and the expectation."""

    expected: str
    actual: str


def asked(expect: Expectation) -> list[str]:
    """The expectations in words, as in mismatches, except for regular expressions on output."""
    parts = [] if expect.started is None else [_start(started=expect.started)]
    parts += [] if expect.exit is None else [_status(expect.exit)]
    parts += [_fact(name, accepted) for name, accepted in (expect.facts or {}).items()]
    parts += [] if expect.calls is None else [_wanted(tr("calls"), expect.calls)]
    parts += [] if expect.denied is None else [_wanted(tr("denied calls"), expect.denied)]
    return parts


def mismatches(expect: Expectation, observed: Observation) -> tuple[Mismatch, ...]:
    """Every difference between `observed` and `expect`; empty if there is none."""
    return tuple(_mismatches(expect, observed))


def _mismatches(expect: Expectation, observed: Observation) -> Iterator[Mismatch]:
    if expect.started is not None and observed.started is not expect.started:
        yield Mismatch(_start(started=expect.started), _start(started=observed.started))
    if expect.exit is not None and (observed.exit is None or not expect.exit.accepts(observed.exit)):
        yield Mismatch(_status(expect.exit), str(replace(observed, output="")))
    if expect.output is not None and (problem := text_mismatch(expect.output, observed.output)):
        yield Mismatch(problem, _shortened(observed.output) or tr("no output"))
    for name, accepted in (expect.facts or {}).items():
        seen = observed.facts.get(name, ())
        if not set(seen) & set(accepted):
            yield Mismatch(_fact(name, accepted), _fact(name, seen))
    yield from _call_mismatches(expect, observed.traced)


def _call_mismatches(expect: Expectation, traced: TracedCalls | None) -> Iterator[Mismatch]:
    never = tr("the program never began, so it called nothing")
    if (match := expect.calls) is not None:
        wanted = _wanted(tr("calls"), match)
        if traced is None:
            yield Mismatch(wanted, never)
        elif not _fits(match, traced.counts):
            yield Mismatch(wanted, _calls_in_words(traced.counts))
    if (match := expect.denied) is not None:
        wanted = _wanted(tr("denied calls"), match)
        if traced is None:
            yield Mismatch(wanted, never)
        elif not _fits(
            match, {call.name for call in traced.denied if not match.by or call.cause in match.by}
        ):
            yield Mismatch(wanted, _denials_in_words(traced.denied))


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
        *([tr("with {names}", names=tr(" and ").join(match.all))] if match.all else ()),
        *([tr("with {names}", names=_or(match.any))] if match.any else ()),
        *([tr("without {names}", names=_or(match.none))] if match.none else ()),
        *([tr("decided by {causes}", causes=_or(match.by))] if match.by else ()),
    ]
    return f"{what} {', '.join(parts)}"


def _calls_in_words(names: Iterable[str]) -> str:
    return tr("calls {names}", names=_shortened(", ".join(names)) or tr("none"))


def _denials_in_words(denied: tuple[DeniedCall, ...]) -> str:
    said = dict.fromkeys(map(str, denied))
    return tr("denied calls {calls}", calls=_shortened("; ".join(said)) or tr("none"))


def _fact(name: str, values: Collection[str]) -> str:
    if name == "refused":
        return _or(tr(REFUSALS[Refused(value)]) for value in values) or tr(
            "nothing kept a container from starting"
        )
    return f"{tr(_FACTS.get(name, name))} {_or(tr(_VALUES.get(value, value)) for value in values or ('unknown',))}"


def _or(values: Iterable[str]) -> str:
    return tr(" or ").join(values)


def _status(accepted: Status) -> str:
    return tr("exit status {status}", status=accepted)


def _start(*, started: bool | None) -> str:
    if started is None:
        return tr("no container was started")
    return tr("the container starts") if started else tr("the container does not start")


def _shortened(text: str, limit: int = 300) -> str:
    text = text.strip()
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"
