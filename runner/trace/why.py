"""Explains failed calls: those that a profile denied, with the rule and a remedy, and those unrelated to seccomp."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from runner.profile.evidence.model import Evidence, EvidenceKind, Message, SeenCall
from runner.profile.filter.attribution import Cause
from runner.profile.simulation import Simulation
from runner.profile.views.kernel_log import log_lines
from runner.profile.views.verdicts import Verdict, Verdicts
from runner.trace.denial import Denial, combined_edits, denial_of, edit_command

if TYPE_CHECKING:
    from runner.profile.evidence.messages import Told
    from runner.profile.version import Version
    from runner.trace.own_seccomp import OwnFound, OwnRefusal


_PASSED = frozenset(("", "allow", "log"))
"""Seccomp's actions, by the evidence, that stop no call; "" for none that is known."""


class Reported(NamedTuple):
    """A message about a refusal, and the denials among the calls that it may be about.

    `denied` are those that the evidence shows, or all if it shows none. `also` are the runtime's other calls that the
    profile denies: it stops at the first, so its message shows none of them.
    """

    message: Message
    told: "Told"
    denied: tuple[Denial, ...]
    also: tuple[Denial, ...] = ()


class Answer(NamedTuple):
    """The conclusions from evidence and a profile.

    `others` are calls that failed like a denied one, although the profile allows them. `command` creates a profile that
    allows all denied calls except those in `left`, which no edit allows. It allows the calls named in `widened` with
    all arguments, since their separate edits cannot be combined. `own` are calls that the program's own
    seccomp refused, or may have; `own_filter` is true if the program installed a filter. `stopped` are further calls
    that seccomp stopped by the evidence, although this profile allows them. `logged` are those that this profile lets
    through and that were executed and only logged, by their records.
    """

    denied: tuple[Denial, ...]
    others: tuple[Verdict, ...]
    reported: tuple[Reported, ...]
    log: tuple[str, ...]
    command: str
    left: tuple[str, ...] = ()
    widened: tuple[str, ...] = ()
    own: "tuple[OwnRefusal, ...]" = ()
    own_filter: bool = False
    stopped: tuple[Verdict, ...] = ()
    logged: tuple[Verdict, ...] = ()


def answer(
    simulation: Simulation,
    verdicts: Iterable[Verdict],
    evidence: Evidence,
    *,
    logged: frozenset[str] | None,
    named: str = "",
    own: "OwnFound | None" = None,
) -> Answer:
    """Judge evidence by the verdicts on its calls, and by what the programs' `own` seccomp did.

    `named` is the profile's name on a command line, if its name in messages differs.
    """
    judged = list(verdicts)
    refusals = own.refusals if own else ()
    doubtful = {(refusal.call.name, refusal.call.errno) for refusal in refusals if not refusal.certain}
    certain = {refusal.call.name for refusal in refusals if refusal.certain}
    denied = tuple(denial_of(simulation, verdict) for verdict in judged if verdict.denied)
    others = tuple(
        verdict
        for verdict in judged
        if verdict.refused_otherwise and (verdict.first.name, verdict.first.errno) not in doubtful
    )
    stopped = tuple(
        verdict
        for verdict in judged
        if not verdict.denied and verdict.first.action not in _PASSED and verdict.first.name not in certain
    )
    shown = frozenset(denial.verdict.call.syscall.name for denial in denied)
    reported = tuple(_reported(simulation, evidence.messages, shown))
    every = [*denied, *(denial for each in reported for denial in (*each.denied, *each.also))]
    calls, left, widened = combined_edits(simulation, every)
    return Answer(
        denied,
        others,
        reported,
        _log(simulation, every, logged),
        edit_command(named or simulation.file, calls),
        left,
        widened,
        own=refusals,
        own_filter=own is not None and own.filter,
        stopped=stopped,
        logged=tuple(verdict for verdict in judged if verdict.logged and not verdict.denied),
    )


def judge(simulation: Simulation, names: Collection[str], line: int, flags: str = "") -> Iterator[Verdict]:
    """The profile's decisions on calls of which only the names are known, and perhaps the `flags` of a message."""
    verdicts = Verdicts(simulation)
    for name in names:
        args: tuple[str, ...] | None = None
        if flags and name == "clone":
            args = (f"flags={flags}",)
        elif flags and name == "socket":
            args = tuple(flags.split(", "))
        verdicts(SeenCall(kind=EvidenceKind.MESSAGE, name=name, line=line, args=args))
    yield from verdicts


def young_since(verdict: Verdict) -> "Version | None":
    """The first libseccomp that knows a call that a rule allows, if one that is in use may not know it."""
    from runner.profile.history.library import known_since  # noqa: PLC0415 - only what failed otherwise needs it

    return known_since(verdict.call.syscall.name) if verdict.decision.cause is Cause.RULE else None


def young_among(simulation: Simulation, names: Collection[str]) -> "dict[str, Version]":
    """Those calls that a message may be about and that a libseccomp in use may not know, by the first that does."""
    from runner.profile.history.library import known_since  # noqa: PLC0415 - few messages need it

    rules = {name for rule in simulation.profile.rules for name in rule.names}
    since = {name: known_since(name) for name in names if name in rules}
    return {name: version for name, version in since.items() if version}


def _reported(
    simulation: Simulation, messages: Sequence[Message], shown: Collection[str]
) -> Iterator[Reported]:
    """The refusals that the messages report, beside the denied calls that the evidence has shown."""
    for message in messages:
        known = message.meaning
        if known is None:
            continue
        names = () if known.refused else tuple(name for name in known.calls if name in shown) or known.calls
        others = _runtime_calls(names) if known.runtime and not known.refused else ()
        flags = known.flags
        denied, also = (_denials(simulation, calls, message.line, flags) for calls in (names, others))
        yield Reported(message, known, *((denied, also) if known.calls else (also, ())))


def _denials(simulation: Simulation, names: Collection[str], line: int, flags: str) -> tuple[Denial, ...]:
    verdicts = judge(simulation, names, line, flags)
    return tuple(denial_of(simulation, verdict) for verdict in verdicts if verdict.denied)


def _runtime_calls(names: Collection[str]) -> tuple[str, ...]:
    """The calls that runc needs to start a container, except for some."""
    from runner.profile.history.runtime_needs import base  # noqa: PLC0415 - few messages need it

    return tuple(sorted(base(None).difference(names)))


def _log(simulation: Simulation, denials: Sequence[Denial], logged: frozenset[str] | None) -> tuple[str, ...]:
    oci = simulation.oci
    flags = oci.flags if oci else ()
    actions = dict.fromkeys(denial.verdict.decision.action for denial in denials)
    seen = [denial.verdict.first for denial in denials]
    recorded = {call.action for call in seen if call.kind is EvidenceKind.AUDIT}
    dropped = bool(simulation.profile.flags) and not flags
    lines = dict.fromkeys(
        line
        for action in actions
        for line in log_lines(
            action,
            simulation.profile.flags,
            logged,
            engine_drops_flags=dropped,
            recorded=action in recorded,
        )
    )
    return tuple(lines)
