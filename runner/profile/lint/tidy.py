"""Info: untidy, but without an effect."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.filter.effective import effect
from runner.profile.finding import Severity
from runner.profile.history.engine import NAMES_SINCE, knows
from runner.profile.lint.fixes import remove_item, remove_member, replace_member
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Action

_WITH_ERRNO = {Action.ERRNO, Action.TRACE}


def legacy_name(subject: Subject) -> Iterator[Hit]:
    if not knows(subject.target.engine, NAMES_SINCE):
        return
    for rule in subject.profile.rules:
        if rule.legacy_name and len(rule.names) == 1:
            fix = replace_member(subject.document, rule.at.path, "name", ("names", [rule.names[0]]))
            yield Hit(tr("'name' is the form of before Docker 1.13"), subject.at(f"{rule.at.path}.name"), fix)


def duplicate_name(subject: Subject) -> Iterator[Hit]:
    seen: set[tuple[object, ...]] = set()
    for rule in subject.profile.rules:
        for index, name in enumerate(rule.names):
            key = (name, rule.action, rule.errno, rule.args, rule.includes, rule.excludes)
            if key not in seen:
                seen.add(key)
            elif not rule.legacy_name:
                fix = remove_item(subject.document, f"{rule.at.path}.names", index)
                path = f"{rule.at.path}.names[{index}]"
                yield Hit(tr("{call} is named again for the same thing", call=name), subject.at(path), fix)


def unused_errno(subject: Subject) -> Iterator[Hit]:
    profile = subject.profile
    if profile.default_errno is not None and profile.default_action not in _WITH_ERRNO:
        fix = remove_member(subject.document, "", "defaultErrnoRet")
        yield Hit(tr("the default action returns no errno"), subject.at("defaultErrnoRet"), fix)
    for rule in profile.rules:
        if rule.errno is not None and rule.action not in _WITH_ERRNO:
            fix = remove_member(subject.document, rule.at.path, "errnoRet")
            message = tr("{action} returns no errno", action=rule.action.value)
            yield Hit(message, subject.at(f"{rule.at.path}.errnoRet"), fix)


def same_as_default(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for case in subject.cases:
        for rule in case.oci.rules:
            overruled = all(
                name in case.view.calls and case.view.calls[name].always is not None for name in rule.names
            )
            if effect(rule.action, rule.errno) != case.view.default or rule.source is None or overruled:
                continue
            at = subject.at(f"{rule.source.at.path}.action")
            if at not in reported:
                reported.add(at)
                yield Hit(tr("the rule says what the default says; the runtime skips it"), at)


def no_names(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        if not rule.names:
            yield Hit(tr("the rule names no calls"), subject.at(f"{rule.at.path}.names"))


RULES = (
    LintRule(
        "legacy-name",
        Severity.INFO,
        legacy_name,
        "Before Docker 1.13 a rule had a single 'name'. It still works, but 'names' with a list is what other "
        "tools expect.",
    ),
    LintRule(
        "duplicate-name",
        Severity.INFO,
        duplicate_name,
        "The same call is named twice with the same conditions and action. That has no effect, but anyone who edits "
        "one of them later will wonder why nothing changed.",
    ),
    LintRule(
        "unused-errno",
        Severity.INFO,
        unused_errno,
        "Only SCMP_ACT_ERRNO and SCMP_ACT_TRACE return an errno. With any other action errnoRet and "
        "defaultErrnoRet are ignored.",
    ),
    LintRule(
        "same-as-default",
        Severity.INFO,
        same_as_default,
        "A rule whose action and errno are the default's changes nothing: the runtime leaves it out. In "
        "particular it carves no exception out of another rule.",
    ),
    LintRule("no-names", Severity.INFO, no_names, "A rule without names applies to no call at all."),
)
