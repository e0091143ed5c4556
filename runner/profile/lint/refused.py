"""Errors: profiles that the runtime refuses to turn into a filter."""

from collections.abc import Callable, Iterator

from runner.language import tr
from runner.profile.calls.syscalls import arch
from runner.profile.errors import ProfileError
from runner.profile.finding import Edit, Severity
from runner.profile.history.engine import FULL_FIELDS_SINCE, NAMES_SINCE, knows
from runner.profile.history.runtime import FLAGS, LIBRARY_FOR_FLAG, Refusal, RefusalKind, refusals
from runner.profile.lint.fixes import remove_item
from runner.profile.lint.rule import Case, Hit, LintRule, Subject
from runner.profile.model import Location


def _of_kind(kind: RefusalKind) -> Callable[[Subject], Iterator[Hit]]:
    def find(subject: Subject) -> Iterator[Hit]:
        reported = set()
        for case in subject.cases:
            for refusal in _refusals(subject, case):
                at = _place(subject, refusal)
                if refusal.kind is kind and at not in reported:
                    reported.add(at)
                    yield Hit(case.say(_message(subject, refusal)), at, _fix(subject, refusal), case.severity)

    return find


def _refusals(subject: Subject, case: Case) -> Iterator[Refusal]:
    target = subject.target
    return refusals(case.oci, arch(target.arch), target.runtime, target.library)


def _place(subject: Subject, refusal: Refusal) -> Location:
    source = refusal.rule.source if refusal.rule else None
    if source is not None:
        if refusal.key == "names":
            return subject.at_name(source, refusal.index)
        return subject.at(f"{source.at.path}.{refusal.key}")
    if refusal.key == "architectures":
        return subject.architecture_at(refusal.index)
    return subject.at(f"{refusal.key}[{refusal.index}]" if refusal.key == "flags" else refusal.key)


def _message(subject: Subject, refusal: Refusal) -> str:
    if refusal.kind is RefusalKind.NOTIFY_ALONE and subject.profile.listener_path:
        return tr("nobody would answer SCMP_ACT_NOTIFY: this engine drops listenerPath")
    return refusal.reason


def _fix(subject: Subject, refusal: Refusal) -> tuple[Edit, ...]:
    source = refusal.rule.source if refusal.rule else None
    if refusal.kind is RefusalKind.EMPTY_NAME and source is not None:
        index = refusal.index - source.legacy_name
        return remove_item(subject.document, f"{source.at.path}.names", index)
    if refusal.kind is RefusalKind.UNKNOWN_FLAG and not subject.profile.flags[refusal.index]:
        return remove_item(subject.document, "flags", refusal.index)
    return ()


def runtime_too_old(subject: Subject) -> Iterator[Hit]:
    yield from _of_kind(RefusalKind.TOO_OLD)(subject)
    target = subject.target
    if not knows(target.engine, FULL_FIELDS_SINCE):
        return
    for index, flag in enumerate(subject.profile.flags):
        library = LIBRARY_FOR_FLAG.get(flag)
        if library is not None and (target.runtime is None or target.library is None):
            yield Hit(
                tr(
                    "{flag} needs runc {runtime} and libseccomp {library}",
                    flag=flag,
                    runtime=FLAGS[flag],
                    library=library,
                ),
                subject.at(f"flags[{index}]"),
                severity=Severity.MEDIUM,
            )


def engine_too_old(subject: Subject) -> Iterator[Hit]:
    engine = subject.target.engine
    if knows(engine, NAMES_SINCE):
        return
    for rule in subject.profile.rules:
        if not rule.legacy_name:
            message = tr("Engine {engine} reads 'name' only: to it this rule names no call", engine=engine)
            yield Hit(message, rule.at)


def faulty_rule(subject: Subject) -> Iterator[Hit]:
    """Rules that the runtime would refuse; the reader keeps them, since their conditions may exclude them."""
    for rule in subject.profile.rules:
        if rule.fault is not None:
            reason, at = rule.fault
            usual = not subject.outcomes or isinstance(subject.outcomes[0], ProfileError)
            severity = Severity.ERROR if usual else Severity.MEDIUM
            yield Hit(
                tr("{reason}: where the rule applies, the container does not start", reason=reason),
                at,
                severity=severity,
            )


RULES = (
    LintRule(
        "unknown-architecture",
        Severity.ERROR,
        _of_kind(RefusalKind.UNKNOWN_ARCHITECTURE),
        "Architectures go by libseccomp's names, such as SCMP_ARCH_X86_64 or SCMP_ARCH_AARCH64. The runtime "
        "refuses any other, and also those of libseccomp's that it does not know itself: SH, PARISC and M68K.",
    ),
    LintRule(
        "byte-order",
        Severity.ERROR,
        _of_kind(RefusalKind.BYTE_ORDER),
        "A filter is for one byte order. libseccomp refuses an architecture of the other one than the machine's, and "
        "the container fails to start with 'numerical argument out of domain'. Use archMap, of which an engine takes "
        "the entry for its own machine.",
    ),
    LintRule(
        "unknown-flag",
        Severity.ERROR,
        _of_kind(RefusalKind.UNKNOWN_FLAG),
        "The runtime takes the flags SECCOMP_FILTER_FLAG_TSYNC, …_LOG, …_SPEC_ALLOW and …_WAIT_KILLABLE_RECV, and "
        "refuses any other.",
    ),
    LintRule(
        "runtime-too-old",
        Severity.ERROR,
        runtime_too_old,
        "An action, flag or architecture that the runtime does not know yet keeps the container from starting: runc "
        "knows SCMP_ACT_LOG since 1.0.0-rc9, SCMP_ACT_NOTIFY since 1.1, SCMP_ACT_KILL_THREAD and "
        "SCMP_ACT_KILL_PROCESS since 1.1.3, flags since 1.2, and WAIT_KILLABLE_RECV since 1.5 with libseccomp 2.6. "
        "`workshop profile history` lists them all. A distribution may have one earlier.",
    ),
    LintRule(
        "engine-too-old",
        Severity.ERROR,
        engine_too_old,
        "Before Docker 1.13 a rule had one 'name'. Such an engine does not see 'names', hands on a rule without a "
        "name, and the container fails to start with 'empty string is not a valid syscall'.",
    ),
    LintRule(
        "empty-name",
        Severity.ERROR,
        _of_kind(RefusalKind.EMPTY_NAME),
        "A rule that names a call with an empty string makes the runtime refuse the whole profile. null within "
        "names reads as an empty string too.",
    ),
    LintRule(
        "faulty-rule",
        Severity.ERROR,
        faulty_rule,
        "The runtime refuses a rule with an unknown action or operator. The engine does not look at them: it drops the "
        "rules whose includes and excludes do not hold, so that the container starts until one day they do.",
    ),
    LintRule(
        "notify-write",
        Severity.ERROR,
        _of_kind(RefusalKind.NOTIFY_WRITE),
        "The runtime itself still has to write to its pipe after the filter is loaded and before anybody listens, "
        "so it refuses a profile that hands write to a listener.",
    ),
    LintRule(
        "notify-default",
        Severity.ERROR,
        _of_kind(RefusalKind.NOTIFY_DEFAULT),
        "With SCMP_ACT_NOTIFY as the default, the runtime's own calls would wait for a listener that it has not "
        "yet connected to; it refuses the profile. Name the calls to be handed over in rules.",
    ),
    LintRule(
        "notify-without-listener",
        Severity.ERROR,
        _of_kind(RefusalKind.NOTIFY_ALONE),
        "SCMP_ACT_NOTIFY needs listenerPath, the socket of the agent that answers; without one the runtime "
        "refuses the profile. Engines before 23 drop listenerPath, so on these NOTIFY never works.",
    ),
)
