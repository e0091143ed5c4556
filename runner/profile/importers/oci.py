"""Import OCI runtime configurations, and the profiles of Podman and CRI-O, which are nearly Docker's."""

import re
from collections.abc import Iterable
from dataclasses import replace

from runner.profile.calls.constants import errno_number
from runner.profile.edit import with_names_alone
from runner.profile.errors import NotJsonError, ProfileError
from runner.profile.finding import Finding
from runner.profile.holders.dialects import plain_json
from runner.profile.importers.imported import Imported
from runner.profile.model import Location, OciSeccomp, Profile, Rule, Selector
from runner.profile.source.json_text import Document, Members, Places, quoted
from runner.profile.source.oci import confines_nothing, read_oci_with_findings
from runner.profile.source.reader import read_profile

_COMMENTS_LEFT_OUT = "comments, and commas before a closing bracket, are left out: Docker refuses them"
_ERRNO_OF_RULE = re.compile(r"syscalls\[\d+\]\.errno")


def import_oci(text: str) -> Imported:
    """Import a runtime's `config.json`, or its `linux.seccomp` object alone."""
    oci, findings = read_oci_with_findings(text)
    if oci is None:
        raise confines_nothing()
    return Imported(from_oci(oci), _notes(findings))


def from_oci(oci: OciSeccomp) -> Profile:
    """The profile in Docker's format that resolves to the object with any capabilities."""
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


def import_podman(text: str, places: Places = ()) -> Imported:
    """Import a profile of containers/common: Docker's format, where an errno may also be given by its name."""
    notes: tuple[str, ...] = ()
    try:
        reading = read_profile(text, places)
    except NotJsonError:
        # What stands for a comment has its place taken by blanks, so the positions hold.
        reading = read_profile(plain_json(text), places)
        notes = (_COMMENTS_LEFT_OUT,)
    profile = reading.profile
    default = _errno(reading.document, "defaultErrno")
    rules = tuple(
        rule if number is None else replace(rule, errno=number)
        for rule in profile.rules
        for number in (_errno(reading.document, f"{rule.at.path}.errno"),)
    )
    if profile.default_action is None:
        raise no_profile(reading.document)
    imported, corrected = with_names_alone(
        replace(profile, rules=rules, default_errno=profile.default_errno if default is None else default)
    )
    findings = (
        finding
        for finding in reading.findings
        if finding.at.path != "defaultErrno" and not _ERRNO_OF_RULE.fullmatch(finding.at.path)
    )
    return Imported(imported, (*notes, *corrected, *_notes(findings)))


def no_profile(document: Document) -> ProfileError:
    """An error for JSON without a default action, which an engine would read as "no seccomp at all"."""
    root = document.root.value
    keys = ", ".join(quoted(member.key) for member in root) if isinstance(root, Members) else ""
    return ProfileError(
        "this JSON is not a profile: it has no defaultAction"
        + (f"; its keys are not understood: {keys}" if keys else ", and nothing else either"),
        at=document.location(document.root.start, ""),
        remedy="name its format with --from, or give the names of system calls as plain text",
    )


def _notes(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(f"line {finding.at.line}: {finding.message}" for finding in findings)


def _errno(document: Document, path: str) -> int | None:
    node = document.find(path)
    if node is None or node.value in (None, ""):
        return None
    name = node.value
    number = errno_number(name) if isinstance(name, str) else None
    if number is None:
        raise ProfileError(
            "this is not the name of an errno",
            at=document.location(node.start, path),
            remedy="write a name such as EPERM or ENOSYS",
        )
    return number
