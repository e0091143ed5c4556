"""The possible results of a filter for a call whose arguments are only partly known."""

import itertools
from collections.abc import Iterator, Sequence

from runner.profile.calls.syscalls import MAX_ARGS, WORD_MASK, Arch
from runner.profile.filter import bpf
from runner.profile.filter.simulate import Filter

_FIRST_ARGUMENT = 4
"""The first word of `struct seccomp_data` that belongs to an argument; each has two."""
_MOST_TRIED = 5000


def tested(filter_: Filter, arch: Arch, number: int) -> frozenset[int]:
    """The indexes of the arguments that the decision on a call depends on."""
    words = {question.word for question in _questions(filter_.residue(arch.audit, number))}
    return frozenset((word - _FIRST_ARGUMENT) // 2 for word in words if word >= _FIRST_ARGUMENT)


def outcomes(
    filter_: Filter, arch: Arch, number: int, args: Sequence[int | None]
) -> dict[int, tuple[int, ...]]:
    """The filter's possible returns, each with arguments that lead to it; None is an unknown argument."""
    known = tuple(value or 0 for value in args)
    open_ = [index for index in tested(filter_, arch, number) if args[index] is None]
    if not open_:
        return {filter_.returns(arch.audit, number, known): known}
    choices = [[known[index]] for index in range(MAX_ARGS)]
    for index in open_:
        choices[index] = _candidates(filter_, arch, number, index)
    found: dict[int, tuple[int, ...]] = {}
    for tried in itertools.islice(itertools.product(*choices), _MOST_TRIED):
        found.setdefault(filter_.returns(arch.audit, number, tried), tried)
    return found


def _candidates(filter_: Filter, arch: Arch, number: int, index: int) -> list[int]:
    """Values on either side of every test of an argument in the filter."""
    low, high = {0, 1}, {0}
    first = _FIRST_ARGUMENT + 2 * index
    for question in _questions(filter_.residue(arch.audit, number)):
        if question.word not in (first, first + 1):
            continue
        values = low if (question.word == first) != arch.big_endian else high
        values |= {question.k, (question.k + 1) & WORD_MASK, (question.k - 1) & WORD_MASK}
        values |= {question.mask & WORD_MASK, (question.k ^ question.mask) & WORD_MASK}
    return sorted(upper << 32 | lower for lower in low for upper in high)


def _questions(residue: int | bpf.Question) -> Iterator[bpf.Question]:
    waiting, seen = [residue], set[int]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, int) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        waiting += (node.yes, node.no)
