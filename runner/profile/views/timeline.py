"""The history of a call in Docker's default profiles: since when, and under which conditions."""

from dataclasses import dataclass
from errno import EPERM

from runner.errors import UsageError
from runner.profile.calls.constants import errno_name
from runner.profile.calls.syscalls import arch, find, own_number
from runner.profile.filter.effective import arg_text
from runner.profile.history.defaults import DefaultRule, default_of, default_profiles
from runner.profile.history.engine import NAMES_SINCE
from runner.profile.history.runtime import STUB_SINCE
from runner.profile.model import Action
from runner.profile.version import Version
from runner.profile.views.selector import selector_text

_CODE_SINCE = Version.of("1.12.0")


@dataclass(frozen=True, slots=True)
class Period:
    """The default's rules on a call from engine `since` on, and before engine `until` (None: still in force).

    Without `rules` the default action decides.
    """

    since: Version
    until: Version | None
    rules: tuple[DefaultRule, ...]

    @property
    def engines(self) -> str:
        """The period in words."""
        if self.until is None:
            return f"from {self.since} on"
        return f"{self.since} up to, not including, {self.until}"


def timeline(name: str) -> tuple[Period, ...]:
    """The periods of a call in the engines' defaults, in the order of the engines' versions."""
    changes: list[tuple[Version, tuple[DefaultRule, ...]]] = []
    for default in default_profiles():
        rules = default.calls.get(name, ())
        if not changes or changes[-1][1] != rules:
            changes.append((default.since, rules))
    ends = (*(since for since, _ in changes[1:]), None)
    return tuple(Period(since, until, rules) for (since, rules), until in zip(changes, ends, strict=True))


def named_since(name: str) -> Version | None:
    """The first engine from which on all defaults let a call through that some before it leave to the default action.

    Rules for containers with a capability count only if today's default has no others. None for a call that all of
    them let through, or that today's default leaves to the default action too.
    """
    periods = timeline(name)
    free = any(not rule.includes.caps for rule in periods[-1].rules)
    named = [any(not (free and rule.includes.caps) for rule in period.rules) for period in periods]
    if all(named) or not named[-1]:
        return None
    return periods[len(named) - named[::-1].index(False)].since


def answered_since(name: str) -> tuple[Version, str] | None:
    """The first engine whose default refuses a call with today's error, and that error, if older ones gave another.

    It is of a container without more capabilities than the default ones. None for a call that is let through.
    """
    periods = timeline(name)
    answers = [_refusal(period) for period in periods]
    if not answers[-1] or len(set(answers)) == 1:
        return None
    other = len(answers) - next(index for index, each in enumerate(answers[::-1]) if each != answers[-1])
    return (periods[other].since, answers[-1]) if answers[other - 1] else None


def _refusal(period: Period) -> str:
    """The error in a period for a call with any arguments; "" if some are let through."""
    free = [rule for rule in period.rules if not rule.includes.caps]
    if any(rule.action is Action.ALLOW for rule in free):
        return ""
    errno = next((rule.errno for rule in free if rule.action is Action.ERRNO), None)
    return errno_name(EPERM if errno is None else errno)


def kernel_of(name: str) -> tuple[int, int] | None:
    """The kernel from which on today's default lets a call through without a capability; None for any kernel."""
    free = [rule.includes.min_kernel for rule in timeline(name)[-1].rules if not rule.includes.caps]
    kernels = [kernel for kernel in free if kernel]
    return min(kernels) if kernels and len(kernels) == len(free) else None


def outcomes(name: str, period: Period) -> tuple[str, ...]:
    """The result for the call in a period, a sentence for each rule."""
    if not period.rules and _above_all(name, period):
        return (f"no rule names it: ENOSYS by runc {STUB_SINCE} and newer, EPERM by older ones",)
    if not period.rules:
        return (f"{errno_name(EPERM)}: no rule names it",)
    return tuple(_outcome(rule) for rule in period.rules)


def _above_all(name: str, period: Period) -> bool:
    """True if a call's number is above those of all calls that the defaults of a period name: then runc decides it."""
    machine = arch("amd64")
    try:
        number = find(name, machine).number
    except UsageError:
        return False
    until = [each for each in default_profiles() if period.until is None or each.since < period.until]
    named = (own_number(call, machine) or 0 for call in until[-1].calls)
    return number > max(named, default=0)


def by_capability_in_code(name: str) -> str:
    """A remark on Engine 1.12, which adds calls to its default according to the container's capabilities."""
    with_file, after = (default_of(version) for version in (_CODE_SINCE, NAMES_SINCE))
    caps = {cap for rule in after.calls.get(name, ()) for cap in rule.includes.caps}
    if not caps or with_file.calls.get(name):
        return ""
    return f"Engine 1.12 allowed it with {' or '.join(sorted(caps))} too, by its code, which its profile does not show."


def _outcome(rule: DefaultRule) -> str:
    fate = (
        "allowed" if rule.action is Action.ALLOW else errno_name(EPERM if rule.errno is None else rule.errno)
    )
    containers = selector_text(rule.includes, rule.excludes)
    args = f"if {' and '.join(map(arg_text, rule.args))}" if rule.args else ""
    return " ".join(part for part in (fate, containers, args) if part)
