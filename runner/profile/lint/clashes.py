"""Conditional rules on one call that disagree."""

from collections.abc import Iterator

from runner.profile.filter.effective import Conditional, Effect
from runner.profile.lint.rule import Hit, Subject


def clashes(subject: Subject, message: str, *, same_condition: bool) -> Iterator[Hit]:
    """Each rule that an earlier one contradicts, with the same condition or with another one."""
    reported = set()
    for view in subject.effective:
        for name, decision in view.calls.items():
            for case in _contradicting(decision.conditional, same_condition=same_condition):
                at = subject.place(case.source, name)
                if at not in reported:
                    reported.add(at)
                    yield Hit(f"{name}: {message}", at)


def _contradicting(cases: tuple[Conditional, ...], *, same_condition: bool) -> Iterator[Conditional]:
    seen: dict[Effect, set[frozenset[object]]] = {}
    for case in cases:
        args = frozenset(case.args)
        others = [conditions for effect, conditions in seen.items() if effect != case.effect]
        if any(args in found if same_condition else len(found) > (args in found) for found in others):
            yield case
        seen.setdefault(case.effect, set()).add(args)
