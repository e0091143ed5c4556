"""Find the rule of a profile that decides a call, from the rules themselves, without the compiled filter."""

import errno
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from runner.language import tr
from runner.profile.calls.syscalls import (
    AMD64_TOKEN,
    ARGUMENT_MASK,
    MAX_ARGS,
    S390_TOKENS,
    WORD_MASK,
    X32_BIT,
    X32_TOKEN,
    Arch,
    multiplexed,
    own_number,
)
from runner.profile.filter.comparisons import conditions
from runner.profile.filter.compile import Compiled
from runner.profile.filter.returns import RET_ERRNO, RET_KILL_THREAD, return_value
from runner.profile.model import Arg, OciRule, Operator


class Cause(StrEnum):
    """The reason for a decision on a call."""

    RULE = "rule"
    DEFAULT = "default"
    NEWER_THAN_PROFILE = "newer-than-profile"
    """runc's stub: the call's number is higher than all that the profile names."""
    FOREIGN_ARCHITECTURE = "foreign-architecture"
    DISABLED = "disabled"
    """The profile turns seccomp off."""
    KERNEL = "kernel"
    """The kernel never runs a filter for this call."""


DENYING = (Cause.RULE, Cause.DEFAULT, Cause.NEWER_THAN_PROFILE, Cause.FOREIGN_ARCHITECTURE)
"""The causes that a denial can have; with the others every call passes."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule whose conditions hold for a call; `index` is its place in the OCI object's `syscalls`."""

    index: int
    rule: OciRule
    value: int
    unconditional: bool


class Prediction(NamedTuple):
    """The result for a call by the rules: the filter's expected return, and all matching rules, the deciding one first.

    `ambiguous` if rules with different conditions and actions match: then only the compiled filter shows the result.
    `redundant` are matching rules that the runtime skips, since their action is the default's.
    """

    cause: Cause
    value: int
    matches: tuple[Match, ...] = ()
    redundant: tuple[Match, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    index: int
    rule: OciRule
    value: int
    alternatives: tuple[tuple[Arg, ...], ...]


class Attribution:
    """The rules of one OCI object, prepared for queries about calls."""

    def __init__(self, compiled: Compiled) -> None:
        oci = compiled.oci
        self._default = return_value(oci.default_action, oci.default_errno)
        self._oci = oci
        self._arches = {arch.token: arch for arch in compiled.arches}
        self._stub = compiled.highest
        self._entries: dict[int, dict[int, list[_Entry]]] = {}

    def predict(self, arch: Arch, number: int, args: Sequence[int]) -> Prediction:
        """Predict the decision on the call with this (unsigned) number, made with the ABI `arch`."""
        seen = self._seen_as(arch, number)
        if self._newer(arch, number):
            return Prediction(Cause.NEWER_THAN_PROFILE, RET_ERRNO | errno.ENOSYS)
        if seen is None:
            return Prediction(Cause.FOREIGN_ARCHITECTURE, RET_KILL_THREAD)
        matches = [
            Match(entry.index, entry.rule, entry.value, unconditional=() in entry.alternatives)
            for entry in self._rules(seen).get(number, ())
            if any(_holds(alternative, args, seen.bits) for alternative in entry.alternatives)
        ]
        redundant = tuple(match for match in matches if match.value == self._default)
        active = sorted(
            (match for match in matches if match.value != self._default),
            key=lambda match: not match.unconditional,
        )
        if not active:
            return Prediction(Cause.DEFAULT, self._default, redundant=redundant)
        first = active[0]
        ambiguous = not first.unconditional and any(match.value != first.value for match in active)
        return Prediction(Cause.RULE, first.value, tuple(active), redundant, ambiguous)

    def indexes(self, arch: Arch, number: int) -> tuple[int, ...]:
        """The arguments that rules on a call test, in any condition."""
        seen = self._seen_as(arch, number)
        entries = () if seen is None else self._rules(seen).get(number, ())
        found = {arg.index for entry in entries for alternative in entry.alternatives for arg in alternative}
        return tuple(sorted(found))

    def naming(self, name: str) -> tuple[int, ...]:
        """The indexes of all rules that name a call, whatever their conditions."""
        return tuple(index for index, rule in enumerate(self._oci.rules) if name in rule.names)

    def place(self, index: int) -> str:
        """A rule's place in the profile's file; in the OCI object, if it comes from no file."""
        source = self._oci.rules[index].source
        if source is None or not source.at.path:
            return f"syscalls[{index}]"
        return tr("{rule} (line {line})", rule=source.at.path, line=source.at.line)

    def left_out(self, index: int) -> bool:
        """True if the runtime skips a rule, since its action is the default's."""
        rule = self._oci.rules[index]
        return return_value(rule.action, rule.errno) == self._default

    def _seen_as(self, arch: Arch, number: int) -> Arch | None:
        """The architecture whose rules the filter uses; None if it kills the call as foreign."""
        if arch.audit != AMD64_TOKEN:
            return self._arches.get(arch.token)
        plain, x32 = self._arches.get(AMD64_TOKEN), self._arches.get(X32_TOKEN)
        if number < X32_BIT:
            return plain
        # A tracer skips a call by making it -1, which the filter must not kill.
        return x32 or (plain if number == WORD_MASK else None)

    def _newer(self, arch: Arch, number: int) -> bool:
        for stubbed, highest in self._stub.items():
            if stubbed.audit != arch.audit:
                continue
            if stubbed.audit == AMD64_TOKEN and (stubbed.token == X32_TOKEN) != bool(number & X32_BIT):
                continue
            if number > highest or (number == 0 and stubbed.token in S390_TOKENS):
                return True
        return False

    def _rules(self, arch: Arch) -> dict[int, list[_Entry]]:
        found = self._entries.get(arch.token)
        if found is None:
            found = self._entries[arch.token] = self._index(arch)
        return found

    def _index(self, arch: Arch) -> dict[int, list[_Entry]]:
        by_number: dict[int, list[_Entry]] = defaultdict(list)
        for index, rule in enumerate(self._oci.rules):
            value = return_value(rule.action, rule.errno)
            alternatives = tuple(
                _without_void(alternative, arch.bits) for alternative in conditions(rule.args)
            )
            if any(arg.index >= MAX_ARGS for arg in rule.args):
                # The runtime ignores these conditions: it skips the rule, or the rule names no known call.
                continue
            for name in dict.fromkeys(rule.names):
                number = own_number(name, arch)
                if number is not None:
                    by_number[number].append(_Entry(index, rule, value, alternatives))
                through = multiplexed(name, arch)
                if through is not None:
                    outer, which = through
                    muxed = tuple(_multiplex(alternative, which) for alternative in alternatives)
                    by_number[outer].append(_Entry(index, rule, value, muxed))
        return by_number


def _holds(alternative: Sequence[Arg], args: Sequence[int], bits: int) -> bool:
    mask = ARGUMENT_MASK if bits == 64 else WORD_MASK
    return all(
        arg.op.holds(args[arg.index] & mask, arg.value & mask, arg.value_two & mask) for arg in alternative
    )


def _without_void(alternative: tuple[Arg, ...], bits: int) -> tuple[Arg, ...]:
    """The conditions that test a bit of the argument; the others always hold, and libseccomp drops them."""
    mask = ARGUMENT_MASK if bits == 64 else WORD_MASK
    return tuple(arg for arg in alternative if arg.op is not Operator.MASKED_EQ or arg.value & mask)


def _multiplex(alternative: Sequence[Arg], which: int) -> tuple[Arg, ...]:
    """A rule's conditions as libseccomp adds them to the multiplexing call, whose argument 0 selects the call."""
    rest = tuple(arg for arg in alternative if arg.index != 0)
    return (Arg(0, which, Operator.EQ), *rest)
