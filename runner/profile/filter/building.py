"""Adds an OCI seccomp object's rules to libseccomp as the runtime does."""

import errno
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from runner.profile import libseccomp
from runner.profile.calls.syscalls import MAX_ARGS, Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import ProfileError
from runner.profile.filter import growth
from runner.profile.filter.endless import suspects
from runner.profile.filter.limits import MAX_INSTRUCTIONS
from runner.profile.filter.returns import return_value
from runner.profile.history.runtime import REDUNDANT_SINCE, accepted
from runner.profile.model import Arg, OciRule, OciSeccomp, Operator
from runner.profile.version import Version

_GROWTH_SECONDS = 6.0
"""In seconds of processor time. The largest filter that the kernel accepts needs a third of it."""
_OPERATORS = {
    Operator.NE: 1,
    Operator.LT: 2,
    Operator.LE: 3,
    Operator.EQ: 4,
    Operator.GE: 5,
    Operator.GT: 6,
    Operator.MASKED_EQ: 7,
}


def architectures(oci: OciSeccomp, native: Arch) -> tuple[Arch, ...]:
    """The architectures of the compiled filter: libseccomp always includes the native one."""
    listed = (find_arch(name) for name in oci.architectures)
    return tuple(dict.fromkeys((native, *listed)))


def conditions(rule: OciRule) -> tuple[tuple[Arg, ...], ...]:
    """The alternatives of a rule: two conditions on one argument make runc add a rule for each condition."""
    indexes = [arg.index for arg in rule.args]
    if len(set(indexes)) < len(indexes):
        return tuple((arg,) for arg in rule.args)
    return (rule.args,)


def compilable(
    given: OciSeccomp, native: Arch, runtime: Version | None, library: Version | None
) -> tuple[OciSeccomp, tuple[Arch, ...]]:
    """Return a profile as the runtime reads it, and the architectures that libseccomp compiles it for.

    Raises:
        ProfileError: the runtime refuses it, or libseccomp would never finish compiling it.
        LibseccompMissingError: this machine has no libseccomp, or one that does not know an architecture.
    """
    oci = accepted(given, native, runtime, library)
    arches = architectures(oci, native)
    for machine in arches:
        if not libseccomp.knows_architecture(machine.token):
            raise libseccomp.LibseccompTooOldError(
                f"libseccomp {libseccomp.version()} on this machine does not know {machine.scmp}",
                remedy=f"simulate for {machine.go} where libseccomp is newer",
            )
    for found in endless(oci, arches):
        where = found.rule.source.at if found.rule.source else None
        place = "" if where else f"syscalls[{found.index}]: "
        raise ProfileError(f"{place}{found.reason}", at=where, remedy=found.remedy)
    return oci, arches


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
    multiplied = growth.suspects(oci, arches)
    looping = suspects(oci)
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
            for alternative in conditions(rule)
        ]
        if any(arg.index >= MAX_ARGS for _, rule, _ in rules for arg in rule.args):
            continue  # refused before anything is compiled
        additions = [(return_value(rule.action, rule.errno), _comparisons(args)) for _, rule, args in rules]
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
        yield Endless(name, rule, index, _LOOP.format(name), f"put this rule before the others on {name}")


_LOOP = (
    "libseccomp never finishes with the rule on {}, which shares an inequality with an earlier rule: the container's "
    "start hangs"
)
_FEWER = "test fewer arguments, or compare them with SCMP_CMP_EQ or SCMP_CMP_MASKED_EQ, which do not multiply"


def _too_many(name: str, rule: OciRule, index: int, count: int, least: int) -> Endless:
    return Endless(
        name,
        rule,
        index,
        f"the {count} rules on {name} have inequalities on several arguments, which multiply: the filter would "
        f"take at least {least:,} instructions, and the kernel takes {MAX_INSTRUCTIONS:,}; the container's start hangs "
        "while libseccomp writes them, or fails",
        _FEWER,
    )


def _too_slow(name: str, rule: OciRule, index: int, count: int) -> Endless:
    return Endless(
        name,
        rule,
        index,
        f"the {count} rules on {name} have inequalities on several arguments, which multiply: libseccomp did not "
        f"finish writing the filter within {_GROWTH_SECONDS:g} seconds of processor time, so the container's start "
        "hangs or fails",
        _FEWER,
    )


def _comparisons(alternative: Sequence[Arg]) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((arg.index, _OPERATORS[arg.op], arg.value, arg.value_two) for arg in alternative)


@contextmanager
def build(oci: OciSeccomp, arches: Sequence[Arch]) -> Iterator[libseccomp.Builder]:
    """Open an empty filter for these architectures, with the profile's default.

    Raises:
        ProfileError: libseccomp refuses a rule that the caller adds.
    """
    try:
        with libseccomp.Builder(return_value(oci.default_action, oci.default_errno)) as builder:
            builder.set_architectures(arch.token for arch in arches)
            yield builder
    except libseccomp.RuleRefusedError as error:
        raise ProfileError(f"libseccomp cannot compile the profile: {error}") from error


def given_rules(oci: OciSeccomp, runtime: Version | None) -> Iterator[tuple[int, OciRule]]:
    """The rules that the runtime passes to libseccomp, each with its index; a current runtime skips redundant ones."""
    default = return_value(oci.default_action, oci.default_errno)
    skips_redundant = runtime is None or runtime >= REDUNDANT_SINCE
    for index, rule in enumerate(oci.rules):
        if return_value(rule.action, rule.errno) != default or not skips_redundant:
            yield index, rule


def add_rule(builder: libseccomp.Builder, rule: OciRule, index: int, names: Collection[str]) -> None:
    """Add the rule at `index` for some of its names.

    Raises:
        ProfileError: libseccomp refuses it.
    """
    value = return_value(rule.action, rule.errno)
    alternatives = [_comparisons(alternative) for alternative in conditions(rule)]
    wrong = any(arg.index >= MAX_ARGS for arg in rule.args)
    for name in names:
        number = libseccomp.native_number(name)
        if number is None:
            continue
        if wrong:
            raise _bad_index(rule, index, name)
        for comparisons in alternatives:
            try:
                builder.add(value, number, comparisons)
            except libseccomp.RuleRefusedError as error:
                raise _refused(rule, index, name, error) from error


def _bad_index(rule: OciRule, index: int, name: str) -> ProfileError:
    where = rule.source.at if rule.source else None
    place = "" if where else f"syscalls[{index}]: "
    wrong = next(arg.index for arg in rule.args if arg.index >= MAX_ARGS)
    return ProfileError(
        f"{place}the rule on {name} has a condition on argument {wrong}; calls have at most six, 0 to 5: the container "
        "does not start",
        at=where,
    )


def _refused(rule: OciRule, index: int, name: str, error: libseccomp.RuleRefusedError) -> ProfileError:
    where = rule.source.at if rule.source else None
    place = "" if where else f"syscalls[{index}]: "
    if error.errno == errno.EEXIST:
        return ProfileError(
            f"{place}libseccomp refuses the rule on {name}: an earlier rule has the same condition "
            "and a different action, so the container does not start",
            at=where,
            remedy="keep one of the two rules",
        )
    return ProfileError(f"{place}libseccomp refuses the rule on {name}: {error}", at=where)
