"""Why calls failed: what a profile denied, by which rule, what would allow it, and what seccomp has no part in."""

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from runner.errors import UsageError
from runner.profile.conditional import decide_for
from runner.profile.edit import allow
from runner.profile.errors import ProfileError
from runner.profile.evidence.model import Evidence, Kind, Message, SeenCall
from runner.profile.filter.attribution import Cause
from runner.profile.filter.effective import arg_text
from runner.profile.filter.partial import tested
from runner.profile.model import Action, Profile
from runner.profile.resolve import applies
from runner.profile.simulation import Simulation
from runner.profile.views.explain import reason
from runner.profile.views.kernel_log import log_lines
from runner.profile.views.selector import selector_text
from runner.profile.views.verdicts import FAILURES, Verdict, Verdicts

if TYPE_CHECKING:
    from runner.profile.evidence.messages import Told


_YOUNG = 403
"""The lowest of the numbers that all architectures share; kernel 5.1 had the first of these calls."""


class Denial(NamedTuple):
    """A call that the profile denies, why, and what would let it through.

    `allow` are words for `edit --allow`, empty where editing rules does not help. `proven` where a profile edited so
    was tried and lets the call through.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    allow: str
    proven: bool = False


class Reported(NamedTuple):
    """A message without a call's name: the calls that it may be about, and those of them that the profile denies."""

    message: Message
    told: "Told"
    denied: tuple[Denial, ...]


class Answer(NamedTuple):
    """Everything that evidence and a profile say together.

    `others` are calls that failed as a denied one does, and that the profile lets through. `command` makes a profile
    that allows all that was denied.
    """

    denied: tuple[Denial, ...]
    others: tuple[Verdict, ...]
    reported: tuple[Reported, ...]
    log: tuple[str, ...]
    command: str


def answer(
    simulation: Simulation, verdicts: Verdicts, evidence: Evidence, *, logged: frozenset[str] | None
) -> Answer:
    """Judge evidence that was read with `verdicts` as its observer."""
    judged = list(verdicts)
    denied = [_denial(simulation, verdict) for verdict in judged if verdict.denied]
    others = tuple(verdict for verdict in judged if not verdict.denied and verdict.first.errno in FAILURES)
    reported = tuple(_reported(simulation, evidence.messages))
    every = [*denied, *(denial for each in reported for denial in each.denied[:1] if not denied)]
    proven = _proven(simulation, every)
    denied = [denial._replace(proven=id(denial) in proven) for denial in denied]
    reported = tuple(
        each._replace(denied=tuple(denial._replace(proven=id(denial) in proven) for denial in each.denied))
        for each in reported
    )
    return Answer(
        tuple(denied),
        others,
        reported,
        _log(simulation, every, logged),
        _command(simulation.file, [denial.allow for denial in every if denial.allow]),
    )


def judge(simulation: Simulation, names: Collection[str], line: int) -> Iterator[Verdict]:
    """What the profile decides for calls of which only the names are known."""
    verdicts = Verdicts(simulation)
    for name in names:
        verdicts(SeenCall(kind=Kind.MESSAGE, name=name, line=line))
    yield from verdicts


def is_young(verdict: Verdict) -> bool:
    """Whether a rule allows a call that is so new that a library in use may not know it."""
    arch, number = verdict.call.arch, verdict.call.syscall.number
    return verdict.decision.cause is Cause.RULE and number - arch.offset >= _YOUNG


def _reported(simulation: Simulation, messages: Sequence[Message]) -> Iterator[Reported]:
    if not messages:
        return
    from runner.profile.evidence.messages import told  # noqa: PLC0415 - slow to import, and most evidence has none

    for message in messages:
        known = told(message.text)
        if known is None:
            continue
        verdicts = () if known.refused else judge(simulation, _candidates(known), message.line)
        denials = tuple(_denial(simulation, verdict) for verdict in verdicts if verdict.denied)
        yield Reported(message, known, denials)


def _candidates(known: "Told") -> tuple[str, ...]:
    """The calls of a message; for one of the runtime's that names none, all that runc needs."""
    if known.calls or not known.runtime:
        return known.calls
    from runner.profile.filter.runtime_needs import base  # noqa: PLC0415 - few messages need it

    return tuple(sorted(base(None)))


def _denial(simulation: Simulation, verdict: Verdict) -> Denial:
    reasons = [f"{_sentence(reason(verdict.decision, simulation.file), simulation.file)}."]
    reasons += _elsewhere(simulation, verdict)
    if not verdict.certain:
        listed = " and ".join(f"argument {index}" for index in verdict.open_args)
        reasons.append(
            f"That depends on {listed}, which the evidence does not show; denied for {_shown(verdict)}."
        )
    reasons += [f"{_sentence(note)}." for note in verdict.decision.notes]
    return Denial(verdict, tuple(reasons), _words(simulation, verdict))


def _elsewhere(simulation: Simulation, verdict: Verdict) -> Iterator[str]:
    """Rules that would let the call through for other arguments or another container."""
    name = verdict.call.syscall.name
    for rule in simulation.profile.rules:
        if name not in rule.names or rule.action not in (Action.ALLOW, Action.LOG):
            continue
        place = f"{simulation.file}:{rule.at.line} ({rule.at.path})"
        conditions = " and ".join(arg_text(arg) for arg in rule.args)
        if not applies(rule, simulation.target):
            given = f" and {conditions}" if conditions else ""
            yield f"The rule at {place} would allow it {selector_text(rule)}{given}."
        elif conditions:
            yield f"The rule at {place} allows it only where {conditions}."


def _words(simulation: Simulation, verdict: Verdict) -> str:
    """The call for `edit --allow`, with the arguments that the profile looks at."""
    call, decision = verdict.call, verdict.decision
    if decision.cause in (Cause.FOREIGN_ARCHITECTURE, Cause.DISABLED) or call.syscall.name.startswith("#"):
        return ""
    looked_at = tested(simulation.filter, call.arch, call.syscall.number) if simulation.filter else ()
    if not looked_at or verdict.open_args:
        return call.syscall.name
    words = [hex(call.args[index]) if index in looked_at else "*" for index in range(max(looked_at) + 1)]
    return " ".join((call.syscall.name, *words))


def _proven(simulation: Simulation, denials: Sequence[Denial]) -> set[int]:
    """Which denials are gone under the profile that has all that they ask for, by identity."""
    wanted = [denial for denial in denials if denial.allow]
    names = {denial.verdict.call.syscall.name for denial in wanted}
    # Rules on other calls change nothing for these, and take most of the time.
    rules = (rule for rule in simulation.profile.rules if not names.isdisjoint(rule.names))
    few = tuple(
        replace(rule, names=tuple(name for name in rule.names if name in names), legacy_name=False)
        for rule in rules
    )
    if not wanted:
        return set()
    try:
        changed = with_allowed(replace(simulation.profile, rules=few), wanted)
        after = Simulation(changed, simulation.target, exact=False)
    except (ProfileError, UsageError):
        return set()
    return {id(denial) for denial in wanted if after.decide(denial.verdict.call).executed}


def with_allowed(profile: Profile, denials: Sequence[Denial]) -> Profile:
    """The profile with all that the denials ask for.

    Raises:
        ProfileError: its rules on such a call cannot be changed so.
    """
    for denial in denials:
        name, *words = denial.allow.split()
        if words:
            values = {index: int(word, 0) for index, word in enumerate(words) if word != "*"}
            profile = decide_for(profile, name, values, Action.ALLOW)
        else:
            profile = allow(profile, [name])
    return profile


def _command(file: str, calls: Sequence[str]) -> str:
    if not calls:
        return ""
    plain = list(dict.fromkeys(call for call in calls if " " not in call))
    options = [("--allow", ",".join(plain))] if plain else []
    options += [
        ("--allow", call) for call in dict.fromkeys(calls) if " " in call and call.split()[0] not in plain
    ]
    words = [
        "workshop",
        "profile",
        "edit",
        file or "PROFILE",
        *(word for option in options for word in option),
    ]
    return f"{shlex.join(words)} -o allowed.json"


def _log(simulation: Simulation, denials: Sequence[Denial], logged: frozenset[str] | None) -> tuple[str, ...]:
    oci = simulation.oci
    flags = oci.flags if oci else ()
    actions = dict.fromkeys(denial.verdict.decision.action for denial in denials)
    dropped = bool(simulation.profile.flags) and not flags
    lines = dict.fromkeys(
        line
        for action in actions
        for line in log_lines(action, simulation.profile.flags, logged, engine_drops_flags=dropped)
    )
    return tuple(lines)


def _sentence(text: str, file: str = "") -> str:
    """The text with a capital letter, unless it begins with a name."""
    named = text.startswith(("syscalls[", "libseccomp")) or (file and text.startswith(f"{file}:"))
    return text if named else text[:1].upper() + text[1:]


def _shown(verdict: Verdict) -> str:
    return ", ".join(f"argument {index} = {verdict.call.args[index]:#x}" for index in verdict.open_args)
