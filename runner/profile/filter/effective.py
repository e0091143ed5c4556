"""The decisions of an OCI object call by call, with overlapping rules settled as the runtime and libseccomp do."""

from collections.abc import Iterator
from dataclasses import dataclass
from errno import EPERM, errorcode
from typing import NamedTuple

from runner.language import tr
from runner.profile.filter.comparisons import conditions
from runner.profile.model import Action, Arg, OciRule, OciSeccomp, Operator

_PASSES = {Action.ALLOW, Action.LOG}
_WITH_ERRNO = {Action.ERRNO, Action.TRACE}
_ERRNO_BITS = 0xFFFF
_SAME = {Action.KILL: Action.KILL_THREAD}
_WORDS = {
    Action.ALLOW: "allow",
    Action.KILL_THREAD: "kill the thread",
    Action.KILL_PROCESS: "kill the process",
    Action.LOG: "log and allow",
    Action.NOTIFY: "ask the listener",
    Action.TRACE: "ask the tracer",
    Action.TRAP: "SIGSYS",
}
SIGNS = {
    Operator.NE: "!=",
    Operator.LT: "<",
    Operator.LE: "<=",
    Operator.EQ: "==",
    Operator.GE: ">=",
    Operator.GT: ">",
}
"""The comparisons as they are printed; one with a mask has words of its own."""


class Effect(NamedTuple):
    """An action with the errno it returns, None if the action has none."""

    action: Action
    errno: int | None = None

    @property
    def passes(self) -> bool:
        """True if the kernel goes on to execute the call."""
        return self.action in _PASSES

    def __str__(self) -> str:
        if self.action is Action.ERRNO:
            number = self.errno or 0
            return errorcode.get(number, f"errno {number}") if number else tr("succeed without effect")
        return tr(_WORDS[self.action])


class Conditional(NamedTuple):
    """The effect for a call whose arguments meet all of `args`; `source` is the rule that decides."""

    args: tuple[Arg, ...]
    effect: Effect
    source: OciRule

    def __str__(self) -> str:
        return f"{self.effect} if {' and '.join(map(arg_text, self.args))}"


@dataclass(slots=True)
class Ruling:
    """The decision for one call: for all arguments, or by conditions with the default for the rest."""

    always: Effect | None = None
    always_source: OciRule | None = None
    conditional: tuple[Conditional, ...] = ()


_BY_DEFAULT = Ruling()


class Effective(NamedTuple):
    """Decisions by name; a name without a decision gets `default`."""

    default: Effect
    calls: dict[str, Ruling]

    def allowed(self, name: str) -> bool:
        """True if the call passes with some arguments."""
        decision = self.calls.get(name)
        if decision is None:
            return self.default.passes
        if decision.always is not None:
            return decision.always.passes
        return self.default.passes or any(case.effect.passes for case in decision.conditional)

    def always_allowed(self, name: str) -> bool:
        """True if the call passes with all arguments."""
        decision = self.calls.get(name)
        if decision is None:
            return self.default.passes
        if decision.always is not None:
            return decision.always.passes
        return self.default.passes and all(case.effect.passes for case in decision.conditional)

    def ruling_for(self, name: str) -> Effect:
        """The effect on the call where no condition on its arguments holds."""
        ruling = self.calls.get(name)
        return self.default if ruling is None or ruling.always is None else ruling.always

    def text(self, name: str) -> str:
        """The decision on the call, in words."""
        return ruling_text(self.calls.get(name, _BY_DEFAULT), self.default)


def ruling_text(decision: Ruling, default: Effect) -> str:
    """A decision in words, the same for equal decisions."""
    if decision.always is not None:
        return str(decision.always)
    by_effect: dict[str, set[str]] = {}
    for case in decision.conditional:
        condition = " and ".join(sorted(map(arg_text, case.args)))
        by_effect.setdefault(str(case.effect), set()).add(condition)
    cases = [f"{word} if {', or '.join(sorted(cases))}" for word, cases in sorted(by_effect.items())]
    return "; ".join([*cases, f"else {default}"]) if cases else str(default)


def effective(oci: OciSeccomp | None) -> Effective:
    """Settle the rules: the first unconditional one on a call wins over all others; None allows everything.

    A rule whose effect is the default does not count: the runtime skips it. Conditions on the same argument in one rule
    are alternatives, since the runtime makes a separate rule for each.
    """
    if oci is None:
        return Effective(effect(Action.ALLOW, None), {})
    default = effect(oci.default_action, oci.default_errno)
    calls: dict[str, Ruling] = {}
    for rule in oci.rules:
        ruled = effect(rule.action, rule.errno)
        if ruled == default:
            continue
        alternatives = [Conditional(args, ruled, rule) for args in argument_sets(rule.args)]
        always = any(not case.args for case in alternatives)
        for name in rule.names:
            ruling = calls.setdefault(name, Ruling())
            if not always:
                ruling.conditional += tuple(alternatives)
            elif ruling.always is None:
                ruling.always, ruling.always_source = ruled, rule
    for ruling in calls.values():
        if ruling.always is not None:
            ruling.conditional = ()
    return Effective(default, calls)


def effect(action: Action, errno: int | None) -> Effect:
    """The normal form of an action: KILL is KILL_THREAD, and a missing errno is EPERM."""
    returned = EPERM if errno is None else normal_errno(errno)
    return Effect(_SAME.get(action, action), returned if action in _WITH_ERRNO else None)


def normal_errno(errno: int) -> int:
    """The errno that a filter returns: the runtime keeps 16 bits of it."""
    return errno & _ERRNO_BITS


def normal_condition(arg: Arg) -> Arg:
    """A condition without what libseccomp ignores: bits outside a mask, and a second value without a mask."""
    two = arg.value_two & arg.value if arg.op is Operator.MASKED_EQ else 0
    return Arg(arg.index, arg.value, arg.op, two)


def argument_sets(args: tuple[Arg, ...]) -> Iterator[tuple[Arg, ...]]:
    """The sets of conditions that must hold together, as the runtime forms them; a mask of 0 is no condition."""
    for alternative in conditions(args):
        yield tuple(arg for arg in alternative if not _is_void(arg))


def _is_void(arg: Arg) -> bool:
    return arg.op is Operator.MASKED_EQ and arg.value == 0


def arg_text(arg: Arg) -> str:
    """A condition as a C programmer writes it."""
    if arg.op is Operator.MASKED_EQ:
        return f"(arg{arg.index} & {number_text(arg.value)}) == {number_text(arg.value_two & arg.value)}"
    return f"arg{arg.index} {SIGNS[arg.op]} {number_text(arg.value)}"


def conditions_text(args: tuple[Arg, ...]) -> str:
    """The conditions of a rule in words, joined as the runtime takes them."""
    return tr(" or ").join(tr(" and ").join(map(arg_text, each)) for each in conditions(args))


def number_text(value: int) -> str:
    """A small number in decimal, others in hexadecimal."""
    return str(value) if value < 1024 else hex(value)
