"""Rules that libseccomp may never finish adding to a filter, or writing down.

On a 64-bit architecture libseccomp compares the two halves of an argument, so the conditions after an inequality are
inserted below two nodes of its tree. A second rule on the call with the same inequality is inserted below each of them,
the second time into a list that it is already in: the list becomes a ring, and the library never leaves it. Whether it
happens depends on the order of the rules and on the later conditions; it never happens without two such rules.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.language import tr
from runner.profile import libseccomp
from runner.profile.calls.syscalls import MAX_ARGS, Arch
from runner.profile.filter import growth
from runner.profile.filter.comparisons import comparisons, conditions
from runner.profile.filter.effective import argument_sets, effect
from runner.profile.filter.growth import leading_inequalities
from runner.profile.filter.limits import MAX_INSTRUCTIONS
from runner.profile.filter.returns import return_value
from runner.profile.model import Arg, OciRule, OciSeccomp

_GROWTH_SECONDS = 6.0
"""In seconds of processor time. The largest filter that the kernel accepts needs a third of it."""


def may_loop(oci: OciSeccomp) -> tuple[str, ...]:
    """The calls with two rules that share an inequality on one argument and also test a later argument."""
    default = effect(oci.default_action, oci.default_errno)
    seen: dict[str, set[Arg]] = {}
    found: dict[str, None] = {}
    for rule in oci.rules:
        if len(rule.args) < 2 or effect(rule.action, rule.errno) == default:
            continue
        inequalities = {
            arg for alternative in argument_sets(rule.args) for arg in leading_inequalities(alternative)
        }
        for name in rule.names if inequalities else ():
            earlier = seen.setdefault(name, set())
            if not earlier.isdisjoint(inequalities):
                found[name] = None
            earlier |= inequalities
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Endless:
    """A call's rules that libseccomp does not compile in reasonable time.

    `rule` is the one to report, `index` its place in the OCI object.
    """

    name: str
    rule: OciRule
    index: int
    reason: str
    remedy: str


def endless(oci: OciSeccomp, arches: Sequence[Arch]) -> Iterator[Endless]:
    """The calls whose rules libseccomp never finishes compiling, or makes larger than any kernel accepts.

    Only the few profiles with rules that libseccomp might loop on are tried, in a separate process.
    """
    multiplied = growth.may_multiply(oci, arches)
    looping = may_loop(oci)
    if not multiplied and not looping:
        return
    from runner.profile.filter import trial  # noqa: PLC0415 - slow to import, and rarely needed

    default = return_value(oci.default_action, oci.default_errno)
    tried: set[object] = set()
    for name in dict.fromkeys((*multiplied, *looping)):
        number = libseccomp.native_number(name)
        if number is None:
            continue
        rules = [
            (index, rule, alternative)
            for index, rule in enumerate(oci.rules)
            if name in rule.names and return_value(rule.action, rule.errno) != default
            for alternative in conditions(rule.args)
        ]
        if any(arg.index >= MAX_ARGS for _, rule, _ in rules for arg in rule.args):
            continue  # refused before anything is compiled
        additions = [(return_value(rule.action, rule.errno), comparisons(args)) for _, rule, args in rules]
        least = growth.least_instructions([growth.in_order(args) for _, _, args in rules])
        if name in multiplied:
            if (same := repr(additions)) in tried:
                continue  # The same rules on another call end in the same way.
            tried.add(same)
        if least > MAX_INSTRUCTIONS:
            yield _too_many(name, rules[0][1], rules[0][0], len(rules), least)
            continue
        seconds = _GROWTH_SECONDS if name in multiplied else trial.CPU_SECONDS
        stuck = trial.stuck_at(default, [arch.token for arch in arches], number, additions, seconds=seconds)
        if stuck is None:
            continue
        if stuck == len(rules) and name in multiplied:
            yield _too_slow(name, rules[0][1], rules[0][0], len(rules))
            continue
        index, rule, _ = rules[min(stuck, len(rules) - 1)]
        yield Endless(name, rule, index, tr(_LOOP, call=name), tr(_FIRST, call=name))


_LOOP = (
    "libseccomp never finishes with the rule on {call}, which shares an inequality with an earlier rule: the "
    "container's start hangs"
)
_FIRST = "put this rule before the others on {call}"
_FEWER = "test fewer arguments, or compare them with SCMP_CMP_EQ or SCMP_CMP_MASKED_EQ, which do not multiply"


def _too_many(name: str, rule: OciRule, index: int, count: int, least: int) -> Endless:
    return Endless(
        name,
        rule,
        index,
        tr(
            "the {count} rules on {call} have inequalities on several arguments, which multiply: the filter would "
            "take at least {least} instructions, and the kernel takes {most}; the container's start hangs while "
            "libseccomp writes them, or fails",
            count=count,
            call=name,
            least=f"{least:,}",
            most=f"{MAX_INSTRUCTIONS:,}",
        ),
        tr(_FEWER),
    )


def _too_slow(name: str, rule: OciRule, index: int, count: int) -> Endless:
    return Endless(
        name,
        rule,
        index,
        tr(
            "the {count} rules on {call} have inequalities on several arguments, which multiply: libseccomp did not "
            "finish writing the filter within {seconds} seconds of processor time, so the container's start hangs or "
            "fails",
            count=count,
            call=name,
            seconds=f"{_GROWTH_SECONDS:g}",
        ),
        tr(_FEWER),
    )
