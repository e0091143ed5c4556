"""Adds an OCI seccomp object's rules to libseccomp as the runtime does."""

import errno
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from runner.language import tr
from runner.profile import libseccomp
from runner.profile.calls.syscalls import MAX_ARGS, Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import ProfileError
from runner.profile.filter.comparisons import comparisons, conditions
from runner.profile.filter.endless import endless
from runner.profile.filter.returns import return_value
from runner.profile.history.runtime import REDUNDANT_SINCE, accepted
from runner.profile.model import OciRule, OciSeccomp
from runner.profile.version import Version


def architectures(oci: OciSeccomp, native: Arch) -> tuple[Arch, ...]:
    """The architectures of the compiled filter: libseccomp always includes the native one."""
    listed = (find_arch(name) for name in oci.architectures)
    return tuple(dict.fromkeys((native, *listed)))


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
                tr(
                    "libseccomp {version} on this machine does not know {arch}",
                    version=libseccomp.version(),
                    arch=machine.scmp,
                ),
                remedy=tr("simulate for {arch} where libseccomp is newer", arch=machine.go),
            )
    for found in endless(oci, arches):
        where = found.rule.source.at if found.rule.source else None
        place = "" if where else f"syscalls[{found.index}]: "
        raise ProfileError(f"{place}{found.reason}", at=where, remedy=found.remedy)
    return oci, arches


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
        raise ProfileError(tr("libseccomp cannot compile the profile: {error}", error=error)) from error


def given_rules(oci: OciSeccomp, runtime: Version | None) -> Iterator[tuple[int, OciRule]]:
    """The rules that the runtime passes to libseccomp, each with its index; a current runtime skips redundant ones."""
    default = return_value(oci.default_action, oci.default_errno)
    skips_redundant = runtime is None or runtime.reaches(REDUNDANT_SINCE)
    for index, rule in enumerate(oci.rules):
        if return_value(rule.action, rule.errno) != default or not skips_redundant:
            yield index, rule


def add_rule(builder: libseccomp.Builder, rule: OciRule, index: int, names: Collection[str]) -> None:
    """Add the rule at `index` for some of its names.

    Raises:
        ProfileError: libseccomp refuses it.
    """
    value = return_value(rule.action, rule.errno)
    alternatives = [comparisons(alternative) for alternative in conditions(rule.args)]
    wrong = any(arg.index >= MAX_ARGS for arg in rule.args)
    for name in names:
        number = libseccomp.native_number(name)
        if number is None:
            continue
        if wrong:
            raise _bad_index(rule, index, name)
        for compared in alternatives:
            try:
                builder.add(value, number, compared)
            except libseccomp.RuleRefusedError as error:
                raise _refused(rule, index, name, error) from error


def _bad_index(rule: OciRule, index: int, name: str) -> ProfileError:
    where = rule.source.at if rule.source else None
    place = "" if where else f"syscalls[{index}]: "
    wrong = next(arg.index for arg in rule.args if arg.index >= MAX_ARGS)
    return ProfileError(
        place
        + tr(
            "the rule on {call} has a condition on argument {index}; calls have at most six, 0 to 5: the container "
            "does not start",
            call=name,
            index=wrong,
        ),
        at=where,
    )


def _refused(rule: OciRule, index: int, name: str, error: libseccomp.RuleRefusedError) -> ProfileError:
    where = rule.source.at if rule.source else None
    place = "" if where else f"syscalls[{index}]: "
    if error.errno == errno.EEXIST:
        return ProfileError(
            place
            + tr(
                "libseccomp refuses the rule on {call}: an earlier rule has the same condition and a different "
                "action, so the container does not start",
                call=name,
            ),
            at=where,
            remedy=tr("keep one of the two rules"),
        )
    reason = tr("libseccomp refuses the rule on {call}: {error}", call=name, error=error)
    return ProfileError(f"{place}{reason}", at=where)
