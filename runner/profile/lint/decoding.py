"""Silent interpretations of a profile's text by Docker, which the reader finds while it decodes."""

from collections.abc import Iterator

from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.source.decode import DUPLICATE_KEY, KEY_CASE, UNKNOWN_KEY


def _found_by_reader(_: Subject) -> Iterator[Hit]:
    return iter(())


RULES = (
    LintRule(
        UNKNOWN_KEY,
        Severity.MEDIUM,
        _found_by_reader,
        "Docker ignores keys that it does not know. A slip of the pen in 'args' or 'includes' so turns a rule with a "
        "condition into one without.",
    ),
    LintRule(
        DUPLICATE_KEY,
        Severity.MEDIUM,
        _found_by_reader,
        "Of equal keys in an object Docker takes the last, but merges objects, and even the items of two lists: a rule "
        "of the second 'syscalls' keeps the errnoRet of the first's. Other tools take the first or the last, or refuse "
        "the file. Keep one.",
    ),
    LintRule(
        KEY_CASE,
        Severity.INFO,
        _found_by_reader,
        "Docker's decoder ignores the case of keys; most other tools do not. Write them as the documentation does.",
    ),
)
