"""Actions that hand a call to another process: NOTIFY and TRACE."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Action, Rule


def _rules(subject: Subject, action: Action) -> Iterator[Rule]:
    return (rule for rule in subject.profile.rules if rule.action is action)


def notify_not_security(subject: Subject) -> Iterator[Hit]:
    for rule in _rules(subject, Action.NOTIFY):
        yield Hit(
            tr("a listener's look at memory can be outrun by the caller"),
            subject.at(f"{rule.at.path}.action"),
        )


def trace_action(subject: Subject) -> Iterator[Hit]:
    message = tr("without a tracer the call fails with ENOSYS")
    if subject.profile.default_action is Action.TRACE:
        yield Hit(message, subject.at("defaultAction"))
    for rule in _rules(subject, Action.TRACE):
        yield Hit(message, subject.at(f"{rule.at.path}.action"))


RULES = (
    LintRule(
        "notify-not-security",
        Severity.MEDIUM,
        notify_not_security,
        "A listener that lets a call go on cannot rely on what it saw: another thread may change the memory that a "
        "pointer argument points to between the look and the call. Use NOTIFY to emulate calls, not to decide "
        "which are safe.",
    ),
    LintRule(
        "trace-action",
        Severity.MEDIUM,
        trace_action,
        "SCMP_ACT_TRACE asks a ptrace tracer. In a container there is usually none, and then the call is skipped "
        "with ENOSYS, which programs take for an old kernel. Use SCMP_ACT_LOG to observe and SCMP_ACT_ERRNO to "
        "deny.",
    ),
)
