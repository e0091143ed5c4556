"""High: conditions on arguments that the call does not have."""

from collections.abc import Iterable, Iterator

from runner.language import tr
from runner.profile.calls.argument_counts import argument_count
from runner.profile.calls.syscalls import ARCHES, Arch, own_number
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Location, OciRule, OciSeccomp


def no_such_argument(subject: Subject) -> Iterator[Hit]:
    """Each condition on an argument that a call lacks, on all architectures of the profile, or on some."""
    reported: set[tuple[Location, str]] = set()
    for oci in subject.resolved:
        arches = _arches(oci, subject.target.arch)
        for rule in oci.rules:
            for hit in _in_rule(subject, rule, arches):
                if (hit.at, hit.message) not in reported:
                    reported.add((hit.at, hit.message))
                    yield hit


def _in_rule(subject: Subject, rule: OciRule, arches: tuple[Arch, ...]) -> Iterator[Hit]:
    path = rule.source.at.path if rule.source else ""
    for position, arg in enumerate(rule.args):
        lacking: dict[tuple[Arch, ...], list[str]] = {}
        for name in rule.names:
            having, without = _divided(name, arg.index, arches)
            if without:
                lacking.setdefault(without if having else (), []).append(name)
        for some, names in lacking.items():
            yield _hit(subject.at(f"{path}.args[{position}]"), arg.index, names, some)


def _divided(name: str, index: int, arches: Iterable[Arch]) -> tuple[bool, tuple[Arch, ...]]:
    """Whether a call has an argument on some of the architectures, and those that have the call without it."""
    counts = {each: argument_count(name, each) for each in arches if own_number(name, each) is not None}
    without = tuple(each for each, count in counts.items() if count is not None and index >= count)
    return len(without) < len(counts), without


def _hit(at: Location, index: int, names: list[str], some: tuple[Arch, ...]) -> Hit:
    calls = ", ".join(names)
    if some:
        arches = ", ".join(each.go for each in some)
        message = tr(
            "on {arches}, there is no argument {index} in {calls}: this tests what is left in a register there",
            arches=arches,
            index=index,
            calls=calls,
        )
        return Hit(message, at, severity=Severity.MEDIUM)
    message = tr(
        "there is no argument {index} in {calls}: this tests what is left in a register",
        index=index,
        calls=calls,
    )
    return Hit(message, at)


def _arches(oci: OciSeccomp, machine: str) -> tuple[Arch, ...]:
    """The architectures that the profile is in force for: the machine's own one always is."""
    named = (each for each in ARCHES if each.scmp in oci.architectures)
    return tuple(dict.fromkeys((find_arch(machine), *named)))


RULES = (
    LintRule(
        "no-such-argument",
        Severity.HIGH,
        no_such_argument,
        "A filter sees six registers at each call, also those that the call does not use. In those is what is left of "
        "other work, or what the program put there on purpose: getpid has no argument, and close has number 0 alone. A "
        "condition on such a register is decided by chance, and by anyone who wants to get around it. Arguments are "
        "counted from 0. On some architectures a call has fewer of them: mmap of 386 and s390x has one, the address of "
        "the others. Calls such as openat2 and clone3 have their options in memory, where no filter looks.",
    ),
)
