"""Resolves a profile for one container: Docker's format → the OCI object, by the engine's rules."""

from runner.language import tr
from runner.profile.errors import ProfileError
from runner.profile.history.engine import (
    CONDITIONS_SINCE,
    ERRNO_SINCE,
    FULL_FIELDS_SINCE,
    MIN_KERNEL_SINCE,
    NAMES_SINCE,
    knows,
)
from runner.profile.model import OciRule, OciSeccomp, Profile, Rule, Selector, Target
from runner.profile.version import Version

CONDITION_ARCHES = {
    "386": "x86",
    "amd64": "amd64",
    "arm": "arm",
    "arm64": "arm64",
    "loong64": "loongarch64",
    "mips64": "mips64",
    "mips64p32": "mips64n32",
    "mips64le": "mipsel64",
    "mips64p32le": "mips3l64n32",
    "mipsle": "mipsel",
    "ppc": "ppc",
    "ppc64": "ppc64",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
    "s390": "s390",
    "s390x": "s390x",
}
"""Architectures by Go's names → by the names in a condition's `arches`."""

SECCOMP_ARCHES = {
    "386": "SCMP_ARCH_X86",
    "amd64": "SCMP_ARCH_X86_64",
    "arm": "SCMP_ARCH_ARM",
    "arm64": "SCMP_ARCH_AARCH64",
    "loong64": "SCMP_ARCH_LOONGARCH64",
    "mips64": "SCMP_ARCH_MIPS64",
    "mips64p32": "SCMP_ARCH_MIPS64N32",
    "mips64le": "SCMP_ARCH_MIPSEL64",
    "mips64p32le": "SCMP_ARCH_MIPSEL64N32",
    "mipsle": "SCMP_ARCH_MIPSEL",
    "ppc": "SCMP_ARCH_PPC",
    "ppc64": "SCMP_ARCH_PPC64",
    "ppc64le": "SCMP_ARCH_PPC64LE",
    "riscv64": "SCMP_ARCH_RISCV64",
    "s390": "SCMP_ARCH_S390",
    "s390x": "SCMP_ARCH_S390X",
}
"""Architectures by Go's names → by the names in `archMap` and the OCI object."""

_ARCH_MAP_LOST = frozenset(("loong64", "mipsle"))
"""Architectures that engines look up under another name, so that they find no entry of `archMap`."""


def resolve(profile: Profile, target: Target) -> OciSeccomp | None:
    """Return the object that the engine hands to the runtime for `target`; None if the profile turns seccomp off.

    Raises:
        ProfileError: the engine refuses the profile, or cannot read its rules. A rule with both `name` and `names` is
        refused by engines before 23 only if its conditions hold, by later ones always.
    """
    if target.arch not in SECCOMP_ARCHES:
        known = ", ".join(SECCOMP_ARCHES)
        raise ProfileError(
            tr("unknown architecture '{name}'; it is one of {known}", name=target.arch, known=known)
        )
    if profile.default_action is None:
        return None
    if profile.architectures and profile.arch_map:
        raise ProfileError(
            tr("both 'architectures' and 'archMap' are specified in the profile, use either of the two")
        )
    passes_all = knows(target.engine, FULL_FIELDS_SINCE)
    return OciSeccomp(
        default_action=profile.default_action,
        default_errno=profile.default_errno if passes_all else None,
        architectures=_architectures(profile, target),
        flags=profile.flags if passes_all else (),
        listener_path=profile.listener_path if passes_all else "",
        listener_metadata=profile.listener_metadata if passes_all else "",
        rules=tuple(_rules(profile, target, checks_first=passes_all)),
    )


def applies(rule: Rule, target: Target) -> bool:
    """True if the rule's conditions hold: none of its excludes, all of its includes."""
    if not knows(target.engine, CONDITIONS_SINCE):
        return True
    arch = CONDITION_ARCHES[target.arch]
    return not _excluded(rule.excludes, target, arch) and _included(rule.includes, target, arch)


def _architectures(profile: Profile, target: Target) -> tuple[str, ...]:
    native = SECCOMP_ARCHES[target.arch]
    if not knows(target.engine, CONDITIONS_SINCE) or target.arch in _ARCH_MAP_LOST:
        return profile.architectures
    for entry in profile.arch_map:
        if entry.architecture == native:
            return (native, *entry.sub_architectures)
    return profile.architectures


def _rules(profile: Profile, target: Target, *, checks_first: bool) -> list[OciRule]:
    rules = []
    for rule in profile.rules:
        holds = applies(rule, target)
        if (holds or checks_first) and rule.gives_both:
            reason = tr("both 'name' and 'names' are specified, use either of the two")
            raise ProfileError(reason, at=rule.at)
        if holds:
            _check(rule, target.engine)
            errno = rule.errno if knows(target.engine, ERRNO_SINCE) else None
            rules.append(OciRule(rule.names, rule.action, errno, rule.args, rule))
    return rules


def _check(rule: Rule, engine: Version | None) -> None:
    """Refuse a rule that the runtime cannot read, or that an engine older than `names` would pass on without a name."""
    if rule.fault is not None:
        reason, at = rule.fault
        raise ProfileError(reason, at=at)
    if not knows(engine, NAMES_SINCE) and not rule.legacy_name:
        raise ProfileError(
            tr(
                "Engine {engine} reads 'name' only, which this rule does not have: the container does not start",
                engine=engine,
            ),
            at=rule.at,
            remedy=tr(
                "write a rule with a 'name' for each call, or use Engine {version} or newer",
                version=NAMES_SINCE,
            ),
        )


def _excluded(condition: Selector, target: Target, arch: str) -> bool:
    return (
        arch in condition.arches
        or any(cap in target.caps for cap in condition.caps)
        or (condition.min_kernel is not None and _is_new_enough(condition.min_kernel, target))
    )


def _included(condition: Selector, target: Target, arch: str) -> bool:
    return (
        (not condition.arches or arch in condition.arches)
        and all(cap in target.caps for cap in condition.caps)
        and (
            condition.min_kernel is None
            or not knows(target.engine, MIN_KERNEL_SINCE)
            or _is_new_enough(condition.min_kernel, target)
        )
    )


def _is_new_enough(kernel: tuple[int, int], target: Target) -> bool:
    return knows(target.engine, MIN_KERNEL_SINCE) and target.kernel >= kernel
