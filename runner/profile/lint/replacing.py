"""Medium: profiles that take away what a container has without them."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.source.decode import UNKNOWN_KEY

DENIES_NOTHING = "denies-nothing"


def denies_nothing(subject: Subject) -> Iterator[Hit]:
    # Behind a key that nobody reads there may be rules.
    if subject.target.base or any(finding.rule == UNKNOWN_KEY for finding in subject.read):
        return
    if not subject.cases:
        return
    for view in subject.effective:
        if not view.default.passes or not all(map(view.always_allowed, view.calls)):
            return
    yield Hit(
        tr("the profile denies nothing, and takes the place of the engine's own, which does"),
        subject.at("defaultAction"),
    )


RULES = (
    LintRule(
        DENIES_NOTHING,
        Severity.MEDIUM,
        denies_nothing,
        "A profile replaces the engine's default one, it does not add to it. One whose default action lets calls pass, "
        "and without a rule that denies any, so takes away the protection that a container has without it. Start from "
        "a copy of the default profile (`workshop profile edit default --deny CALLS -o FILE`), or list the calls to "
        "deny. Such a profile is right only where seccomp shall not decide, as in an experiment, or with SCMP_ACT_LOG "
        "to see which calls are made.",
    ),
)
