"""The calls that runc itself needs to start a container, and that a profile denies."""

from collections.abc import Iterable, Iterator

from runner.profile.filter.effective import Effective, effective
from runner.profile.history.runtime_needs import NEEDS, Made, Need
from runner.profile.model import Action, Arg, Profile, Target
from runner.profile.resolve import resolve
from runner.profile.version import Version


def unmet(view: Effective, runtime: Version | None) -> Iterator[Need]:
    """The needs of this runc, or of a current one (None), that a profile denies."""
    return (need for need in NEEDS if need.of(runtime) and not _is_met(need, view))


def unmet_by_others(view: Effective) -> Iterator[Need]:
    """The needs of releases other than the current ones that a profile denies."""
    return (need for need in NEEDS if not need.of(None) and not _is_met(need, view))


def missing(profile: Profile, calls: Iterable[str]) -> tuple[str, ...]:
    """The calls among these that a profile does not allow with all arguments."""
    view = effective(resolve(profile, Target()))
    return tuple(name for name in calls if not view.always_allowed(name))


def is_denied(made: Made, view: Effective) -> bool:
    """True if a profile that lets the call pass with some arguments denies it with those that runc gives."""
    ruling = view.calls.get(made.call)
    if ruling is None or ruling.always is not None:
        return False
    met = [(_holds(made, case.args), case.effect.passes) for case in ruling.conditional]
    outcomes = {passes for holds, passes in met if holds is not False}
    if not any(holds for holds, _ in met):
        outcomes.add(view.default.passes)
    return outcomes == {False}


def _holds(made: Made, conditions: Iterable[Arg]) -> bool | None:
    """True if runc's arguments meet all conditions; None if that depends on an unknown one."""
    answers = []
    for arg in conditions:
        value = made.args[arg.index] if arg.index < len(made.args) else None
        answers.append(None if value is None else arg.op.holds(value, arg.value, arg.value_two))
    return False if False in answers else None if None in answers else True


def _is_met(need: Need, view: Effective) -> bool:
    """True if a profile's decisions satisfy a need."""
    if view.allowed(need.call):
        return True
    denied = view.ruling_for(need.call)
    if denied.action is not Action.ERRNO or denied.errno not in need.fallback:
        return False
    return not need.stand_in or view.allowed(need.stand_in)
