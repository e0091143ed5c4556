"""Errors: the container does not start, or starts without the profile."""

from collections.abc import Iterable, Iterator

from runner.language import tr
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.syscalls import MAX_ARGS
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.filter.effective import Effective, effect, normal_errno
from runner.profile.filter.runtime_start import is_denied, unmet, unmet_by_others
from runner.profile.finding import Severity
from runner.profile.history.runtime_needs import (
    GO_RUNTIME,
    MADE,
    MADE_FOR_ROOT,
    MADE_TO_DROP,
    Made,
    Need,
    base,
)
from runner.profile.lint.conditions.clashes import clashes
from runner.profile.lint.rule import Case, Hit, LintRule, Subject
from runner.profile.model import Action, Location, OciRule

MAX_ERRNO = 4094
_CHECKED_ARCHES = {"amd64", "arm64"}
_SAME_CONDITION = "{call}: an earlier rule has the same condition and another action"


def runtime_base(subject: Subject) -> Iterator[Hit]:
    if subject.target.arch not in _CHECKED_ARCHES:
        return
    runtime = f"runc {subject.target.runtime}" if subject.target.runtime else "runc"
    base_profile = subject.target.base
    reported: set[str] = set()
    for case in subject.cases:
        missing = {need.call for need in unmet(case.view, subject.target.runtime)} - reported
        reported |= missing
        for at, calls in _by_place(subject, case, missing).items():
            message = (
                tr(
                    "{runtime} itself needs calls that the profile denies: {calls}, unless its base profile {base} "
                    "allows them",
                    runtime=runtime,
                    calls=calls,
                    base=repr(base_profile),
                )
                if base_profile
                else tr(
                    "{runtime} itself needs calls that the profile denies: {calls}",
                    runtime=runtime,
                    calls=calls,
                )
            )
            yield Hit(case.say(message), at, severity=Severity.INFO if base_profile else case.severity)
    yield from _denied_as_made(subject, runtime, reported)
    if subject.target.runtime is None and not reported:
        others = {need: case for case in subject.cases for need in unmet_by_others(case.view)}
        for need in sorted(others, key=lambda need: need.call):
            yield Hit(_of_some(need), _denied_at(subject, others[need], need.call), severity=Severity.MEDIUM)


def _by_place(subject: Subject, case: Case, calls: Iterable[str]) -> dict[Location, str]:
    """The calls, separated by blanks, by the place of the first of those that one rule, or the default, denies."""
    found: dict[str, list[tuple[Location, str]]] = {}
    for call in sorted(calls):
        at = _denied_at(subject, case, call)
        found.setdefault(at.path.partition(".")[0], []).append((at, call))
    return {min(each)[0]: " ".join(call for _, call in each) for each in found.values()}


def _denied_at(subject: Subject, case: Case, call: str) -> Location:
    """The place in the profile that denies a call: its name in a rule, or the default action."""
    ruling = case.view.calls.get(call)
    rules = [each.source for each in ruling.conditional if not each.effect.passes] if ruling else []
    rule = (ruling.always_source if ruling else None) or next(iter(rules), None)
    return subject.place(rule, call) if rule else subject.at("defaultAction")


def _denied_as_made(subject: Subject, runtime: str, reported: set[str]) -> Iterator[Hit]:
    """Calls that the profile allows, but not with the arguments that runc uses."""
    told = set(reported)
    for case in subject.cases:
        drops = case.usual and subject.target.caps[0] != ALL_CAPABILITIES
        for made in (*MADE, *((MADE_TO_DROP,) if drops else ()), *MADE_FOR_ROOT):
            if made.call in reported or made.text in told or not is_denied(made, case.view):
                continue
            told.add(made.text)
            root = made in MADE_FOR_ROOT
            said = (
                tr(
                    "{runtime} itself calls {call} where the program runs as root, which the profile denies by its "
                    "arguments",
                    runtime=runtime,
                    call=made.text,
                )
                if root
                else tr(
                    "{runtime} itself calls {call}, which the profile denies by its arguments",
                    runtime=runtime,
                    call=made.text,
                )
            )
            yield Hit(
                case.say(said),
                _rule_on(subject, made),
                severity=Severity.MEDIUM if root else case.severity,
            )


def _rule_on(subject: Subject, made: Made) -> Location:
    """The first rule with conditions that names the call."""
    for rule, index, name in subject.names():
        if name == made.call and rule.args:
            return subject.at_name(rule, index)
    return subject.at("defaultAction")


def _of_some(need: Need) -> str:
    releases = "; ".join(map(str, need.releases))
    return tr(
        "some releases of runc itself need {call}, which the profile denies: {releases}",
        call=need.call,
        releases=releases,
    )


def start_hang(subject: Subject) -> Iterator[Hit]:
    reported: set[str] = set()
    for case in subject.cases:
        killed = set(_killed(case.view)) - reported
        reported |= killed
        for at, calls in _by_place(subject, case, killed).items():
            message = tr(
                "a thread of runc that makes one of these calls is killed and the start hangs: {calls}",
                calls=calls,
            )
            yield Hit(case.say(message), at, severity=case.severity)


def _killed(view: Effective) -> Iterator[str]:
    for name in base(None) | GO_RUNTIME:
        ruling = view.calls.get(name)
        effects = [view.default] if ruling is None else [case.effect for case in ruling.conditional]
        if ruling is not None:
            effects.append(ruling.always or view.default)
        if any(each.action is Action.KILL_THREAD for each in effects):
            yield name


def name_and_names(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        if rule.gives_both:
            yield Hit(tr("both 'name' and 'names' are given"), subject.at(f"{rule.at.path}.name"))


def architectures_and_arch_map(subject: Subject) -> Iterator[Hit]:
    if subject.profile.architectures and subject.profile.arch_map:
        yield Hit(tr("both 'architectures' and 'archMap' are given"), subject.at("archMap"))


def compiled_rules(case: Case) -> Iterator[OciRule]:
    """The rules that reach libseccomp: not those with the default's effect, or with unknown names only."""
    for rule in case.oci.rules:
        if effect(rule.action, rule.errno) != case.view.default and not KNOWN.isdisjoint(rule.names):
            yield rule


def argument_index(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for case in subject.cases:
        for rule in compiled_rules(case):
            for index, arg in enumerate(rule.args):
                if arg.index < MAX_ARGS or rule.source is None:
                    continue
                at = subject.at(f"{rule.source.at.path}.args[{index}].index")
                if at not in reported:
                    reported.add(at)
                    message = tr("argument {index}: calls have at most six, 0 to 5", index=arg.index)
                    yield Hit(case.say(message), at, severity=case.severity)


def errno_too_large(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for case in subject.cases:
        given = [(case.oci.default_action, case.oci.default_errno, "defaultErrnoRet")]
        given += [
            (rule.action, rule.errno, f"{rule.source.at.path}.errnoRet")
            for rule in compiled_rules(case)
            if rule.source
        ]
        for action, errno, path in given:
            hit = _errno_hit(errno) if action is Action.ERRNO and errno is not None else None
            if hit is not None and (at := subject.at(path)) not in reported:
                reported.add(at)
                message, starts = hit
                severity = Severity.HIGH if starts else case.severity
                yield Hit(message if starts else case.say(message), at, severity=severity)


def _errno_hit(errno: int) -> tuple[str, bool] | None:
    """The problem with an errno, and True if a container starts with it; None if there is no problem."""
    cut = normal_errno(errno)
    if cut > MAX_ERRNO:
        return tr("errno {errno} is above {highest}", errno=errno, highest=MAX_ERRNO), False
    if cut == errno:
        return None
    return tr("errno {errno} is cut to 16 bits: the program gets {cut}", errno=errno, cut=cut), True


def conflicting_rules(subject: Subject) -> Iterator[Hit]:
    return clashes(subject, _SAME_CONDITION, same_condition=True)


RULES = (
    LintRule(
        "runtime-base",
        Severity.ERROR,
        runtime_base,
        "The runtime loads the filter before it has finished setting the container up, so its own last calls, such "
        "as capset, setuid and execve, pass through your filter too. If one of them is denied, the container does "
        "not start, and the message seldom says why. What runc needs changes with its version: since 1.2.8 and "
        "1.3.3 also statx; 1.2.8 and 1.3.3 alone cannot do without openat2. faccessat2 may be denied with EPERM or "
        "ENOSYS, and up to 1.1.5 only if faccessat is allowed. Allow these calls even if your program does not make "
        "them, and with the arguments that runc gives them: prctl with PR_SET_KEEPCAPS and PR_CAPBSET_DROP, setuid and "
        "setgid with 0 where the program runs as root. What only some releases need is of medium severity, unless "
        "--runtime names one of them.",
    ),
    LintRule(
        "start-hang",
        Severity.ERROR,
        start_hang,
        "SCMP_ACT_KILL and SCMP_ACT_KILL_THREAD end one thread, not the process. If that happens to a thread of "
        "runc's while it starts the container, the others wait for it for ever: the container stays in the state "
        "Created and the engine answers no more questions about it until runc is killed. Deny with "
        "SCMP_ACT_ERRNO, or use SCMP_ACT_KILL_PROCESS, after which a failed start ends with an error.",
    ),
    LintRule(
        "name-and-names",
        Severity.ERROR,
        name_and_names,
        "A rule names its calls by 'names', or by 'name' in the form of before Docker 1.13. The engine refuses a "
        "profile with a rule that has both.",
    ),
    LintRule(
        "architectures-and-archmap",
        Severity.ERROR,
        architectures_and_arch_map,
        "'architectures' lists what the filter covers on any machine, 'archMap' what it covers for each kind of "
        "machine. The engine refuses a profile with both; keep archMap.",
    ),
    LintRule(
        "argument-index",
        Severity.ERROR,
        argument_index,
        "System calls have up to six arguments, counted from 0. The runtime refuses a condition on a seventh, unless "
        "it leaves the rule out anyway: where its action is the default's, where nobody knows the call's name, or "
        "where the rule's own conditions do not hold.",
    ),
    LintRule(
        "errno-too-large",
        Severity.ERROR,
        errno_too_large,
        "The kernel's error numbers end at 4095, and libseccomp refuses that one and everything above, with a "
        "message about two checks on the same argument that leads you astray. The runtime keeps 16 bits of the number, "
        "so that 65537 is 1 and does start. Use a number from errno(3).",
    ),
    LintRule(
        "conflicting-rules",
        Severity.ERROR,
        conflicting_rules,
        "Two rules on a call with the same condition and different actions contradict each other. libseccomp "
        "refuses the second one, so that the container fails to start with 'file exists'. Keep one of them.",
    ),
)
