"""OCI runtime configurations, and the profiles of Podman and CRI-O that are nearly Docker's."""

from dataclasses import replace

from runner.profile.calls.constants import errno_number
from runner.profile.errors import ProfileError
from runner.profile.importers.imported import Imported
from runner.profile.model import Location, OciSeccomp, Profile, Rule, Selector
from runner.profile.source.json_text import Document
from runner.profile.source.oci import read_oci
from runner.profile.source.reader import read_profile


def import_oci(text: str) -> Imported:
    """A runtime's `config.json`, or its `linux.seccomp` object alone."""
    oci = read_oci(text)
    if oci is None:
        raise ProfileError("the configuration has no `linux.seccomp`: it confines nothing")
    return Imported(from_oci(oci))


def from_oci(oci: OciSeccomp) -> Profile:
    """The profile in Docker's format that resolves to the object, whatever the capabilities."""
    rules = (
        Rule(
            names=rule.names,
            action=rule.action,
            errno=rule.errno,
            args=rule.args,
            comment="",
            includes=Selector(),
            excludes=Selector(),
            legacy_name=False,
            at=rule.source.at if rule.source else Location(1, 1, f"syscalls[{index}]"),
        )
        for index, rule in enumerate(oci.rules)
    )
    return Profile(
        default_action=oci.default_action,
        default_errno=oci.default_errno,
        architectures=oci.architectures,
        arch_map=(),
        flags=oci.flags,
        listener_path=oci.listener_path,
        listener_metadata=oci.listener_metadata,
        rules=tuple(rules),
    )


def import_podman(text: str) -> Imported:
    """A profile of containers/common: Docker's format, where an errno may also be given by its name."""
    reading = read_profile(text)
    profile = reading.profile
    default = _errno(reading.document, "defaultErrno")
    rules = tuple(
        rule if number is None else replace(rule, errno=number)
        for rule in profile.rules
        for number in (_errno(reading.document, f"{rule.at.path}.errno"),)
    )
    return Imported(
        replace(profile, rules=rules, default_errno=profile.default_errno if default is None else default)
    )


def _errno(document: Document, path: str) -> int | None:
    node = document.find(path)
    if node is None or node.value in (None, ""):
        return None
    name = node.value
    number = errno_number(name) if isinstance(name, str) else None
    if number is None:
        raise ProfileError(
            "this is no name of an errno",
            at=document.location(node.start, path),
            remedy="write a name such as EPERM or ENOSYS",
        )
    return number
