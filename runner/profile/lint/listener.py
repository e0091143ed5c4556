"""Actions that hand a call to another process: NOTIFY and TRACE."""

from collections.abc import Iterator

from runner.profile.finding import Severity
from runner.profile.history.engine import FULL_FIELDS_SINCE
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Action, Rule


def _rules(subject: Subject, action: Action) -> Iterator[Rule]:
    return (rule for rule in subject.profile.rules if rule.action is action)


def notify_write(subject: Subject) -> Iterator[Hit]:
    for rule in _rules(subject, Action.NOTIFY):
        if "write" in rule.names:
            yield Hit(
                "write cannot be handed to a listener", subject.at_name(rule, rule.names.index("write"))
            )


def notify_default(subject: Subject) -> Iterator[Hit]:
    if subject.profile.default_action is Action.NOTIFY:
        yield Hit("SCMP_ACT_NOTIFY cannot be the default action", subject.at("defaultAction"))


def notify_without_listener(subject: Subject) -> Iterator[Hit]:
    engine = subject.target.engine
    too_old = engine is not None and engine < FULL_FIELDS_SINCE
    if not subject.profile.listener_path or too_old:
        why = "this engine drops listenerPath" if subject.profile.listener_path else "listenerPath is not set"
        for rule in _rules(subject, Action.NOTIFY):
            yield Hit(f"nobody would answer: {why}", subject.at(f"{rule.at.path}.action"))


def notify_not_security(subject: Subject) -> Iterator[Hit]:
    for rule in _rules(subject, Action.NOTIFY):
        yield Hit(
            "a listener's look at memory can be outrun by the caller", subject.at(f"{rule.at.path}.action")
        )


def trace_action(subject: Subject) -> Iterator[Hit]:
    message = "without a tracer the call fails with ENOSYS"
    if subject.profile.default_action is Action.TRACE:
        yield Hit(message, subject.at("defaultAction"))
    for rule in _rules(subject, Action.TRACE):
        yield Hit(message, subject.at(f"{rule.at.path}.action"))


RULES = (
    LintRule(
        "notify-write",
        Severity.ERROR,
        notify_write,
        "The runtime itself still has to write to its pipe after the filter is loaded and before anybody listens, "
        "so it refuses a profile that hands write to a listener.",
    ),
    LintRule(
        "notify-default",
        Severity.ERROR,
        notify_default,
        "With SCMP_ACT_NOTIFY as the default, the runtime's own calls would wait for a listener that it has not "
        "yet connected to; it refuses the profile. Name the calls to be handed over in rules.",
    ),
    LintRule(
        "notify-without-listener",
        Severity.ERROR,
        notify_without_listener,
        "SCMP_ACT_NOTIFY needs listenerPath, the socket of the agent that answers; without one the runtime "
        "refuses the profile. Engines before 23 drop listenerPath, so on these NOTIFY never works.",
    ),
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
