"""Files that contain profiles among other things: the places in them that turn seccomp off."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.finding import Finding, Severity
from runner.profile.holders import Place
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Location

UNCONFINED = "unconfined"


def finding_of(off: Place) -> Finding:
    """A finding for a place that turns seccomp off in a file that names a profile elsewhere."""
    message = tr("{place}: runs without a filter, beside a container with a profile", place=off)
    if off.before:
        message = tr("{place}: engines before {version} leave its profile out", place=off, version=off.before)
    return Finding(UNCONFINED, Severity.MEDIUM, message, Location(off.line, off.column, off.where))


def _found_in_holders(_: Subject) -> Iterator[Hit]:
    return iter(())


RULES = (
    LintRule(
        UNCONFINED,
        Severity.MEDIUM,
        _found_in_holders,
        "A file, such as a compose file or a manifest, gives one service or container a profile and turns seccomp off "
        "for another one: seccomp=unconfined, the type Unconfined, or privileged. That one may make any call, however "
        "good the profile beside it is. (From Engine 27 on, a privileged container keeps a profile that is named for "
        "it; in Kubernetes none does.) Without the option, Docker gives it the default profile; Kubernetes does so "
        "where the type is RuntimeDefault. A file that turns seccomp off and gives no profile at all is an error.",
    ),
)
