"""High: ways for calls to get past a profile that seems to deny them."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.calls.signatures import INT_ARGUMENTS, POINTERS
from runner.profile.calls.stand_ins import NAMESPACES, REPLACEABLE, stand_ins
from runner.profile.filter.effective import Effect, Ruling, argument_sets, effect, normal_condition
from runner.profile.finding import Severity
from runner.profile.lint.conditions.clashes import clashes
from runner.profile.lint.names.unknown import unknown_name
from runner.profile.lint.rule import Case, Hit, LintRule, Subject
from runner.profile.model import Action, Arg, OciRule, Operator, Rule

_ESCAPES_WHEN_DENIED = {Operator.EQ: 0, Operator.LT: -1, Operator.LE: 0}
_ESCAPES_WHEN_ALLOWED = {Operator.NE: 0, Operator.GT: 0, Operator.GE: -1}
"""Operators that a value with upper bits set escapes, each with the offset from the rule's value to such a value."""
_WORD = 1 << 32
_THIRTY_TWO_BIT = {"SCMP_ARCH_X86", "SCMP_ARCH_S390"}
_PASSES_DENIAL = (
    "{value} as argument {index} of {call} is not denied here, and the kernel takes it for {low}: the filter compares "
    "64 bits, the kernel reads 32"
)
_PASSES_PERMISSION = (
    "{value} as argument {index} of {call} is allowed here, and the kernel takes it for {low}: the filter compares "
    "64 bits, the kernel reads 32"
)
_UNDEFINED = "{call}: which of its conditional rules decides where both hold is not defined"
_SHADOWED = {
    (False, False): (
        "{call} is denied here, but line {line} has it allowed, and that rule wins: change it there "
        "(`edit --deny {call}`)"
    ),
    (False, True): (
        "{call} is denied here, but line {line} has it allowed under its conditions, and that rule wins: change it "
        "there (`edit --deny {call}`)"
    ),
    (True, False): (
        "{call} is allowed here, but line {line} has it denied, and that rule wins: change it there "
        "(`edit --allow {call}`)"
    ),
    (True, True): (
        "{call} is allowed here, but line {line} has it denied under its conditions, and that rule wins: change it "
        "there (`edit --allow {call}`)"
    ),
}
"""What is told of a rule that never decides, by whether it allows, and whether the deciding one has conditions."""


def ways_around(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for oci, view in zip(subject.resolved, subject.effective, strict=True):
        if not view.default.passes:
            continue
        has_socketcall = _THIRTY_TWO_BIT & set(oci.architectures) or subject.target.arch in {"386", "s390x"}
        for name in REPLACEABLE:
            decision = view.calls.get(name)
            if decision is None or view.always_allowed(name):
                continue
            source = decision.always_source or decision.conditional[0].source
            left = [
                other
                for other in stand_ins(name, namespaces=_namespaces_alone(decision))
                if view.always_allowed(other) and (other != "socketcall" or has_socketcall)
            ]
            at = subject.place(source, name)
            if left and at not in reported:
                reported.add(at)
                yield Hit(
                    tr("{call} is denied, but {others} can do the same", call=name, others=" ".join(left)),
                    at,
                )


def _namespaces_alone(decision: Ruling) -> bool:
    """True if what is denied are namespaces, while a call without any flag passes."""
    denials = [case.args for case in decision.conditional if not case.effect.passes]
    plain = any(all(arg.op.holds(0, arg.value, arg.value_two) for arg in args) for args in denials)
    return bool(denials) and not plain and any(arg.value & NAMESPACES for args in denials for arg in args)


def _denies(rule: Rule) -> bool:
    return not effect(rule.action, rule.errno).passes


def _args(subject: Subject) -> Iterator[tuple[Rule, int, Arg]]:
    return (
        (rule, index, arg)
        for rule in subject.profile.rules
        if rule.args
        for index, arg in enumerate(rule.args)
    )


def pointer_argument(subject: Subject) -> Iterator[Hit]:
    for rule, index, arg in _args(subject):
        for name in rule.names:
            if arg.index in POINTERS.get(name, ()):
                path = f"{rule.at.path}.args[{index}]"
                yield Hit(
                    tr(
                        "argument {index} of {call} is an address, not what it points to",
                        index=arg.index,
                        call=name,
                    ),
                    subject.at(path),
                )


def wide_comparison(subject: Subject) -> Iterator[Hit]:
    for rule, index, arg in _args(subject):
        escapes = _ESCAPES_WHEN_DENIED if _denies(rule) else _ESCAPES_WHEN_ALLOWED
        low = arg.value + escapes.get(arg.op, -_WORD)
        if not 0 <= low < _WORD:
            continue
        path = f"{rule.at.path}.args[{index}]"
        for name in rule.names:
            if arg.index in INT_ARGUMENTS.get(name, ()):
                said = _PASSES_DENIAL if _denies(rule) else _PASSES_PERMISSION
                yield Hit(
                    tr(said, value=hex(_WORD + low), index=arg.index, call=name, low=low), subject.at(path)
                )


def fake_success(subject: Subject) -> Iterator[Hit]:
    message = tr("errno 0: the call is not executed, but seems to succeed")
    if subject.profile.default_action is Action.ERRNO and subject.profile.default_errno == 0:
        yield Hit(message, subject.at("defaultErrnoRet"))
    for rule in subject.profile.rules:
        if rule.action is Action.ERRNO and rule.errno == 0:
            yield Hit(message, subject.at(f"{rule.at.path}.errnoRet"))


def same_argument(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        indices = [arg.index for arg in rule.args]
        repeated = next(
            (index for position, index in enumerate(indices) if index in indices[:position]), None
        )
        if repeated is not None:
            yield Hit(
                tr(
                    "two conditions on argument {index} mean 'or' here, and so do all others in this rule",
                    index=repeated,
                ),
                subject.at(f"{rule.at.path}.args"),
            )


def overlapping_conditions(subject: Subject) -> Iterator[Hit]:
    return clashes(subject, _UNDEFINED, same_condition=False)


def shadowed_rule(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for case in subject.cases:
        for rule in case.oci.rules:
            ruled = effect(rule.action, rule.errno)
            at = rule.source.at if rule.source else None
            for name in rule.names:
                overruling = _overruling(case, rule, name)
                if overruling is None or (at, name) in reported:
                    continue
                reported.add((at, name))
                yield _shadowed(subject, rule, name, ruled, overruling)


def _overruling(case: Case, rule: OciRule, name: str) -> OciRule | None:
    """The rule that keeps this one from ever deciding a call; None without one, or if both have one effect."""
    ruling = case.view.calls.get(name)
    ruled = effect(rule.action, rule.errno)
    if ruling is None or ruling.always == ruled:
        return None
    if ruling.always is not None:
        return ruling.always_source
    if ruled != case.view.default:
        return None
    # The runtime skips this rule, so another with the same conditions decides.
    mine = [frozenset(map(normal_condition, args)) for args in argument_sets(rule.args)]
    return next(
        (each.source for each in ruling.conditional if frozenset(map(normal_condition, each.args)) in mine),
        None,
    )


def _shadowed(subject: Subject, rule: OciRule, name: str, ruled: Effect, other: OciRule) -> Hit:
    line = subject.place(other, name).line
    outcome = effect(other.action, other.errno)
    where = subject.place(rule, name)
    if ruled.passes == outcome.passes:
        return Hit(
            tr(
                "{call}: never decided here, but on line {line}: {outcome}, by a rule without conditions on arguments",
                call=name,
                line=line,
                outcome=outcome,
            ),
            where,
        )
    return Hit(tr(_SHADOWED[ruled.passes, bool(other.args)], call=name, line=line), where)


RULES = (
    LintRule(
        "ways-around",
        Severity.HIGH,
        ways_around,
        "A list of denied calls must hold every call that does the same: chmod has fchmod, fchmodat and, since "
        "kernel 6.6, fchmodat2; open has openat and openat2, and io_uring opens files without any of them; clone "
        "and clone3 make namespaces as unshare does. New kernels bring new ones. A list of allowed calls does not "
        "have this problem.",
    ),
    LintRule(
        "pointer-argument",
        Severity.HIGH,
        pointer_argument,
        "A filter sees the six argument registers and never memory. A path, a structure or a string is an address "
        "there, different in each run, so no condition can say 'chown only below /tmp', nor look at the flags of "
        "clone3 or openat2. Allow or deny the whole call, and leave paths to mounts, permissions and AppArmor.",
    ),
    LintRule(
        "wide-comparison",
        Severity.HIGH,
        wide_comparison,
        "The filter compares all 64 bits of a register, but the kernel takes an int from its lower half. A rule "
        "that denies chmod with mode EQ 0777 is passed by 0x1000001ff, which chmod takes for 0777; one that allows "
        "what is GT 40 is passed by 0x100000026, which socket takes for 38; Docker's own default profile has this gap. "
        "Compare the lower half alone: SCMP_CMP_MASKED_EQ with value 4294967295 (the mask) and the number in "
        "valueTwo.",
    ),
    LintRule(
        "fake-success",
        Severity.HIGH,
        fake_success,
        "With errno 0 the kernel skips the call and returns 0: the program goes on as if it had succeeded. A "
        "setuid that drops no rights, or an fsync that writes nothing, is worse than an error. Return EPERM (1), or "
        "ENOSYS (38) where the program has a fallback.",
    ),
    LintRule(
        "unknown-name",
        Severity.HIGH,
        unknown_name,
        "The runtime skips names that it does not know without a word. In a list of denied calls a slip of the pen "
        "means that nothing is denied; in a list of allowed ones that the call stays denied.",
    ),
    LintRule(
        "same-argument",
        Severity.HIGH,
        same_argument,
        "Conditions of a rule must all hold, unless two of them look at the same argument: then the runtime makes "
        "a rule of each, and any one suffices. A range such as GE 10 with LE 20 so matches every number. Use "
        "SCMP_CMP_MASKED_EQ, or list the values in rules of their own.",
    ),
    LintRule(
        "overlapping-conditions",
        Severity.HIGH,
        overlapping_conditions,
        "Where two conditional rules with different actions both match, libseccomp decides by how it arranged the "
        "comparisons, not by the order of the file or the stricter action. Make the conditions exclude each other.",
    ),
    LintRule(
        "shadowed-rule",
        Severity.HIGH,
        shadowed_rule,
        "A rule without conditions on arguments wins over every other rule on the call, wherever it stands, and the "
        "first of several wins. A rule that says what the default says is left out altogether, so that it makes no "
        "exception from another one: Docker's default profile with a rule at its end that denies chmod allows chmod. "
        "Such rules never decide anything; change the rule that does.",
    ),
)
