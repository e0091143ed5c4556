"""Conditional rules on one call that disagree."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.filter.effective import Conditional, Effect, normal_condition
from runner.profile.lint.rule import Hit, Subject


def clashes(subject: Subject, message: str, *, same_condition: bool) -> Iterator[Hit]:
    """Each rule that contradicts an earlier one, with the same condition or with another one.

    `message` is told in the language in use, with the call's name for `{call}`.
    """
    reported = set()
    for case in subject.cases:
        for name, ruling in case.view.calls.items():
            for rule in _contradicting(ruling.conditional, same_condition=same_condition):
                at = subject.place(rule.source, name)
                if at not in reported:
                    reported.add(at)
                    severity = case.severity if same_condition else None
                    yield Hit(case.say(tr(message, call=name)), at, severity=severity)


def _contradicting(cases: tuple[Conditional, ...], *, same_condition: bool) -> Iterator[Conditional]:
    seen: dict[Effect, set[frozenset[object]]] = {}
    for case in cases:
        args = frozenset(map(normal_condition, case.args))
        others = [conditions for effect, conditions in seen.items() if effect != case.effect]
        if any(args in found if same_condition else len(found) > (args in found) for found in others):
            yield case
        seen.setdefault(case.effect, set()).add(args)
