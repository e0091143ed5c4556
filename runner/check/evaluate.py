"""A check's outcome: probe, compare, and retry while allowed."""

import time
from dataclasses import replace

from runner.check.advice import advice
from runner.check.context import NotThere, ProbeContext
from runner.check.observation import Observation, mismatches
from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed
from runner.check.probes import observe
from runner.engine.api import ContainerGone, ProgramTimeout
from runner.errors import UsageError, WorkshopError
from runner.lab.model.check import Check, Expectation, Refused
from runner.language import tr
from runner.pace import MACHINE


def evaluate(check: Check, context: ProbeContext) -> Outcome:
    """Return the outcome of `check` now; after a failure, probe again until the check's retry has run out."""
    deadline = time.monotonic() + MACHINE.stretched(check.retry.seconds)
    while True:
        outcome = _once(check, context)
        if not isinstance(outcome, Failed):
            return outcome
        left = deadline - time.monotonic()
        if left <= 0:
            return _advised(check, outcome, context)
        time.sleep(min(check.retry.every, left))


def _once(check: Check, context: ProbeContext) -> Outcome:
    limit = MACHINE.stretched(check.timeout)
    try:
        observed = observe(check.probe, context, limit, blame=_asks_why(check))
    except NotThere as error:
        return Failed(expected=check.describe, actual=str(error), at=check.span, untried=True)
    except UsageError as error:
        return Failed(expected=check.describe, actual=str(error), at=check.span)
    except ProgramTimeout as error:
        return Failed(
            expected=tr("an end within {limit:g} s", limit=limit),
            actual=str(error),
            at=check.span,
            transcript=error.output,
        )
    except ContainerGone as error:
        return Broken(str(error), check.span)
    except WorkshopError as error:
        return Errored(str(error), check.span)
    return judge(check, observed)


def _advised(check: Check, failed: Failed, context: ProbeContext) -> Failed:
    """The failure with a hint at a mistake that explains it, if there is one."""
    seen = failed.observed
    slip = "" if seen is None or seen.unclear else advice(check, seen, context)
    return replace(failed, hint=slip) if slip else failed


def _asks_why(check: Check) -> bool:
    """True if the check depends on the reason why a container did not start."""
    looks = (check.expect, check.reject, *(hint.when for hint in check.hints))
    return any("refused" in (look.facts or {}) for look in looks if look is not None)


def _expected(check: Check) -> Expectation:
    """The check's expectation, with a cause for a failed start: an invalid profile must not pass the check."""
    expect = check.expect
    if expect.started is False and "refused" not in (expect.facts or {}):
        return replace(expect, facts={**(expect.facts or {}), "refused": (Refused.FILTER,)})
    return expect


def _may_be_rejected(reject: Expectation | None, observed: Observation) -> bool:
    """True if an observation is what a check rejects, or may be: an unknown exit status may be the rejected one."""
    if reject is None:
        return False
    return not mismatches(replace(reject, exit=None) if observed.unclear else reject, observed)


def judge(check: Check, observed: Observation) -> Outcome:
    """Return the outcome of `check` for an observation: passed, or failed with a matching hint."""
    found = mismatches(_expected(check), observed)
    if not found and not _may_be_rejected(check.reject, observed):
        return Passed(str(observed))
    if observed.unclear:
        return Failed(check.describe, observed.unclear, check.span, observed.output, observed=observed)
    hint = next((hint.say for hint in check.hints if not mismatches(hint.when, observed)), "")
    return Failed(
        expected="; ".join(mismatch.expected for mismatch in found)
        or tr("anything but {observed}", observed=observed),
        actual="; ".join(dict.fromkeys(mismatch.actual for mismatch in found)) or observed.as_printed,
        at=check.span,
        transcript=observed.output,
        hint=hint,
        observed=observed,
    )
