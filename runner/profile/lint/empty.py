"""Profiles that are empty to the program that takes them, also because the profile stands deeper in the file."""

from collections.abc import Iterator
from shlex import join

from runner.language import tr
from runner.profile.docker_conditions import CONTAINERD, RUNC
from runner.profile.errors import ProfileError
from runner.profile.finding import Severity
from runner.profile.holders import find_profiles
from runner.profile.holders.carrier import Carried, Carrier
from runner.profile.lint.rule import Hit, LintRule, Subject

_LOOKS_INTO = {Carrier.CONFIGURATION: RUNC, Carrier.MANIFEST: CONTAINERD}
"""The reader that finds the profile in such a file."""


def seccomp_off(subject: Subject) -> Iterator[Hit]:
    if subject.profile.default_action is not None:
        yield from _carried(subject)
        return
    inner = _inner(subject)
    missed = [each for each in inner if _misses(each.carrier, subject.target.reader)]
    if missed:
        yield Hit(_missed(subject, missed[0], subject.target.reader), subject.at(""))
    elif not inner:
        yield Hit(tr("no defaultAction and no rules: the container runs unconfined"), subject.at(""))


def _misses(carrier: Carrier, reader: str) -> bool:
    """True if `reader` takes the whole file for an empty profile; runc refuses all but its configuration."""
    return reader not in {RUNC, _LOOKS_INTO.get(carrier)}


def _carried(subject: Subject) -> Iterator[Hit]:
    """The profile itself is read here, and the program that takes the whole file may miss it."""
    target = subject.target
    if target.carried is None:
        return
    carrier = target.carried.carrier
    # Without a word of the user, the file itself tells whose it is.
    reader = target.reader if target.reader_named else _LOOKS_INTO.get(carrier, "")
    if _misses(carrier, reader):
        yield Hit(_missed(subject, target.carried, reader), subject.at(""))
    elif carrier is Carrier.CONFIGURATION and not target.reader_named:
        message = tr(
            "the profile stands at {where}, where runc looks and Docker does not: a container to which Docker gives "
            "this file as it is runs unconfined; {step}, or say --for runc",
            where=target.carried.where,
            step=_writing_out(subject),
        )
        yield Hit(message, subject.at(""), severity=Severity.MEDIUM)


def _inner(subject: Subject) -> list[Carried]:
    """Where the text has profiles below its top."""
    if subject.document is None:
        return []
    try:
        found = find_profiles(subject.document.text).profiles
    except ProfileError:
        return []
    return [held.carried for held in found if held.carried]


def _missed(subject: Subject, carried: Carried, reader: str) -> str:
    return tr(
        "the profile stands deeper, at {where}, where {reader} does not look: the container runs unconfined; {step}, "
        "and give that",
        reader=reader or "Docker",
        where=carried.where,
        step=_writing_out(subject),
    )


def _writing_out(subject: Subject) -> str:
    """The way to a file of the profile alone: a command, where a word for the profile is known."""
    if named := subject.target.named:
        command = join(["workshop", "profile", "import", named, "-o", "profile.json"])
        return tr("write it out with `{command}`", command=command)
    return tr("write it alone to a file")


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
