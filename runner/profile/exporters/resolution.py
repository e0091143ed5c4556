"""The parts of a profile that are lost when it is resolved for one container, as all formats but Docker's need it."""

from collections.abc import Iterator

from runner.profile.model import OciSeccomp, Profile, Target
from runner.profile.resolve import applies
from runner.profile.views.selector import selector_text


def resolution_losses(profile: Profile, oci: OciSeccomp, target: Target) -> tuple[str, ...]:
    """One sentence for each part of the profile that resolving it drops."""
    return (*_rules(profile, target), *_architectures(profile, oci), *_fields(profile, oci, target))


def _rules(profile: Profile, target: Target) -> Iterator[str]:
    for rule in profile.rules:
        condition = selector_text(rule.includes, rule.excludes)
        if not condition:
            continue
        place = rule.at.path or "a rule"
        names = ", ".join(rule.names)
        if applies(rule, target):
            yield f"the condition of {place} ({condition}): it holds for every container now ({names})"
        else:
            yield f"{place}, which holds only {condition}: {rule.action.value} for {names}"
    comments = sum(bool(rule.comment) for rule in profile.rules)
    if comments:
        yield f"{comments} {'comment' if comments == 1 else 'comments'}"


def _architectures(profile: Profile, oci: OciSeccomp) -> Iterator[str]:
    others = [
        entry.architecture for entry in profile.arch_map if entry.architecture not in oci.architectures[:1]
    ]
    if others:
        yield f"archMap's entries for other machines: {', '.join(others)}"


def _fields(profile: Profile, oci: OciSeccomp, target: Target) -> Iterator[str]:
    fields = (
        ("defaultErrnoRet", profile.default_errno, oci.default_errno),
        ("flags", profile.flags, oci.flags),
        ("listenerPath", profile.listener_path, oci.listener_path),
        ("listenerMetadata", profile.listener_metadata, oci.listener_metadata),
    )
    for name, before, after in fields:
        if before != after:
            yield f"{name}: Docker Engine {target.engine} does not hand it on"
