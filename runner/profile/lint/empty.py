"""Profiles that are empty to the program that takes them, also because the profile stands deeper in the file."""

from collections.abc import Iterator
from shlex import join

from runner.language import tr
from runner.profile.docker_conditions import CONTAINERD, RUNC
from runner.profile.errors import ProfileError
from runner.profile.finding import Severity
from runner.profile.holders import find_profiles
from runner.profile.holders.carrier import Carrier
from runner.profile.lint.rule import Hit, LintRule, Subject

_LOOKS_INTO = {Carrier.CONFIGURATION: RUNC, Carrier.MANIFEST: CONTAINERD}
"""The reader that finds the profile in such a file."""


def seccomp_off(subject: Subject) -> Iterator[Hit]:
    if subject.profile.default_action is not None:
        yield from _carried(subject)
    elif inner := _inner(subject):
        yield Hit(_missed(subject, inner), subject.at(""))
    else:
        yield Hit(tr("no defaultAction and no rules: the container runs unconfined"), subject.at(""))


def _carried(subject: Subject) -> Iterator[Hit]:
    """The profile itself is read here, and the program that takes the whole file may miss it."""
    target = subject.target
    if target.carried is None or _is_for_runc(subject):
        return
    carrier, where = target.carried
    if carrier is Carrier.WRAPPER or (target.reader_named and target.reader != _LOOKS_INTO[carrier]):
        yield Hit(_missed(subject, where), subject.at(""))
    elif carrier is Carrier.CONFIGURATION and not target.reader_named:
        message = tr(
            "the profile stands at {where}, where runc looks and Docker does not: a container to which Docker gives "
            "this file as it is runs unconfined; write the profile out with `{command}`, or say --for runc",
            where=where,
            command=_writing_out(subject),
        )
        yield Hit(message, subject.at(""), severity=Severity.MEDIUM)


def _is_for_runc(subject: Subject) -> bool:
    """True if the user says that runc reads the file: it takes its configuration, and refuses all else."""
    return subject.target.reader_named and subject.target.reader == RUNC


def _inner(subject: Subject) -> str:
    """The path of a profile that the text has below its top; "" if there is none."""
    if subject.document is None or _is_for_runc(subject):
        return ""
    try:
        found = find_profiles(subject.document.text).profiles
    except ProfileError:
        return ""
    return next((held.where for held in found if held.carried), "")


def _missed(subject: Subject, where: str) -> str:
    return tr(
        "the profile stands deeper, at {where}, where {reader} does not look: the container runs unconfined; write it "
        "out with `{command}`, and give that",
        reader=subject.target.reader if subject.target.reader_named and subject.target.reader else "Docker",
        where=where,
        command=_writing_out(subject),
    )


def _writing_out(subject: Subject) -> str:
    return join(["workshop", "profile", "import", subject.target.named, "-o", "profile.json"])


RULES = (
    LintRule(
        "seccomp-off",
        Severity.ERROR,
        seccomp_off,
        "A profile without a defaultAction and without rules, such as {}, is accepted and means no seccomp at all: "
        "the container runs unconfined (Seccomp: 0 in /proc/self/status). So does a file with the profile deeper in "
        'it, a runtime\'s config.json or {"seccomp": {…}}: Docker ignores keys that it does not know, and looks at '
        "the top alone. Give a defaultAction there; for no filter on purpose, say seccomp=unconfined where everybody "
        "can see it.",
    ),
)
