"""Denied calls explained to a learner, and their profile changed to allow one."""

from runner.profile.calls.call import Call
from runner.profile.evidence.reader import read_evidence
from runner.profile.model import Action, OciRule, Profile, Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile
from runner.profile.views.verdicts import Verdict, Verdicts
from runner.trace.denial import Denial, with_allowed
from runner.trace.live import LiveCalls
from runner.trace.own_seccomp import OwnFound
from runner.trace.why import Answer, answer


def explained(calls: LiveCalls, begin: float, end: float) -> Answer:
    """The answer from the failed calls in a period."""
    verdicts = Verdicts(calls.simulation)
    for seen in calls.failed(begin, end):
        verdicts(seen)
    own = OwnFound(filter_=calls.own_filters(begin, end))
    for refusal in calls.own(begin, end):
        own.refused(refusal)
    return _answered(calls.simulation, verdicts, own)


def explained_verdict(calls: LiveCalls, verdict: Verdict) -> Denial | None:
    """The explanation of one denial."""
    verdicts = Verdicts(calls.simulation)
    verdicts(verdict.first)
    return next(iter(_answered(calls.simulation, verdicts).denied), None)


def _answered(simulation: Simulation, verdicts: Verdicts, own: OwnFound | None = None) -> Answer:
    nothing = read_evidence("", simulation.arch)
    return answer(simulation, verdicts, nothing, logged=None, own=own)


def line_deciding(text: str, call: Call, target: Target) -> int:
    """The line of a profile's text that decides a call now: a rule's, or the default action's; 1 if neither.

    Raises:
        ProfileError: it is no profile.
    """
    decision = Simulation.of_text(text, target).decide(call)
    return _line(text, decision.rule)


def line_allowing(text: str, call: Call, target: Target) -> int:
    """The line of a profile's text that allows a call now, if need be with other arguments; as for `line_deciding`.

    Raises:
        ProfileError: it is no profile.
    """
    simulation = Simulation.of_text(text, target)
    decision = simulation.decide(call)
    if decision.executed or simulation.oci is None:
        return _line(text, decision.rule)
    allowed = Action.ALLOW, Action.LOG
    rules = (
        rule for rule in simulation.oci.rules if rule.action in allowed and call.syscall.name in rule.names
    )
    return _line(text, next(rules, None))


def _line(text: str, rule: OciRule | None) -> int:
    if rule is not None and rule.source is not None:
        return rule.source.at.line
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if '"defaultAction"' in line), 1)


def allowing(text: str, denial: Denial) -> str:
    """A profile's text with the denied call allowed.

    Raises:
        ProfileError: it is no profile, or its rules cannot be changed so.
    """
    return allowing_in(read_profile(text).profile, denial)


def allowing_in(profile: Profile, denial: Denial) -> str:
    """A profile's text with the denied call allowed, for a profile that was read."""
    return write_profile(with_allowed(profile, [denial]))
