"""Check that libseccomp and the kernel accept a profile, without compiling all of it."""

from collections import Counter
from collections.abc import Sequence

from runner.profile.calls.syscalls import Arch, is_multiplexed
from runner.profile.filter import growth
from runner.profile.filter.building import (
    add_rule,
    build,
    compilable,
    given_rules,
)
from runner.profile.filter.comparisons import conditions
from runner.profile.filter.limits import MAX_INSTRUCTIONS
from runner.profile.model import OciRule, OciSeccomp
from runner.profile.version import Version

_STUB = 16
_CALL = 2
_CONDITION = 8


def check_accepted(given: OciSeccomp, native: Arch, *, runtime: Version | None = None) -> None:
    """Raise the errors that `compile_program` raises, in a small part of its time for most profiles.

    Rules on different calls do not interact, except for calls that some architectures make through `socketcall` or
    `ipc`. So each rule is tried with one of its calls only, and with the calls that it shares with other rules.
    """
    oci, arches = compilable(given, native, runtime, None)
    rules = tuple(given_rules(oci, runtime))
    if _most_instructions([rule for _, rule in rules], arches) > MAX_INSTRUCTIONS:
        from runner.profile.filter.compile import compile_program  # noqa: PLC0415 - slow to import, and rarely needed

        compile_program(given, native, runtime=runtime)
        return
    times = Counter(name for _, rule in rules for name in rule.names)
    with build(oci, arches) as builder:
        for index, rule in rules:
            meeting = {name for name in rule.names if times[name] > 1 or is_multiplexed(name)}
            add_rule(
                builder, rule, index, [name for name in rule.names if name in {*rule.names[:1], *meeting}]
            )


def _most_instructions(rules: Sequence[OciRule], arches: Sequence[Arch]) -> int:
    """The largest possible number of instructions: each test of a call or of half an argument may need its own jump."""
    multiplied = sum(map(growth.count_tests, growth.conditions_by_call(rules).values()))
    alternatives = [(len(rule.names), alternative) for rule in rules for alternative in conditions(rule.args)]
    each = sum(names * (_CALL + _CONDITION * len(alternative)) for names, alternative in alternatives)
    return len(arches) * (_STUB + each + _CONDITION * multiplied)
