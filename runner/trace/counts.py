"""The number of times that a log has each call."""

from collections import Counter

from runner.profile.calls.syscalls import Arch
from runner.profile.evidence.reader import EvidenceReader

Key = tuple[str, str]
"""A call's name and its architecture's Go name."""


def counts_of(reader: EvidenceReader, arch: Arch) -> Counter[Key]:
    """The counts of the calls that were read so far; `arch` is that of calls that name none."""
    counts: Counter[Key] = Counter()
    for seen in reader.so_far().calls:
        counts[seen.name, (seen.arch or arch).go] += seen.times
    return counts
