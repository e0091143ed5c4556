"""`expect`, `reject` and `when` → the expected observation."""

import errno
import fnmatch
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from runner.lab.model.check import (
    CallMatch,
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    Expectation,
    FileProbe,
    HostProbe,
    Probe,
    ProfileProbe,
    Refused,
    TextMatch,
    TraceProbe,
    TranscriptProbe,
    what_runs,
)
from runner.lab.model.transcript import Status
from runner.lab.read.blocks.probe import read_capabilities
from runner.lab.read.blocks.regex import NEVER, regex_problem
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fields import Fields, shortened
from runner.lab.read.syntax.tree import Items, Table
from runner.suggest import nearest

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

KEYS: dict[type, tuple[str, ...]] = {
    ContainerProbe: ("started", "refused", "exit", "output"),
    ExecProbe: ("exit", "output"),
    HostProbe: ("exit", "output"),
    EngineProbe: ("profile", "capabilities", "apparmor", "running", "exit"),
    ProfileProbe: ("action", "errno"),
    FileProbe: ("exists", "valid", "output"),
    TranscriptProbe: ("refused", "exit", "output"),
}
"""The possible expectations of each kind of probe; a trace also has those on calls."""

_TRACE_KEYS = ("calls", "denied")

assert {*KEYS, TraceProbe} == set(get_args(Probe)), "KEYS has an entry for each kind of probe"

_STATUS = re.compile(r"(!?)([0-9]{1,3})")
_TRUTHS = ("running", "exists", "valid")


def read_expectation(source: "Source", table: Table, where: str, probe: Probe) -> Expectation:
    """The expectation in `table`, with the keys that `probe` can observe."""
    fields = Fields(source, table, where, expected_keys(probe))
    facts = _facts(fields)
    started = fields.flag("started") if "started" in fields else None
    if started and "refused" in facts:
        fields.report(Rule.EXPECTATION, "a container that starts was not refused", "refused")
    return Expectation(
        started=started,
        exit=_exit(fields) if "exit" in fields else None,
        output=_output(fields) if "output" in fields else None,
        facts=facts or None,
        calls=_calls(fields, "calls", ("all", "any", "none")) if "calls" in fields else None,
        denied=_calls(fields, "denied", ("all", "any", "none", "by")) if "denied" in fields else None,
    )


def expected_keys(probe: Probe) -> tuple[str, ...]:
    """The possible expectations of a probe."""
    more = _TRACE_KEYS if isinstance(probe, TraceProbe) else ()
    return (*KEYS[type(what_runs(probe))], *more)


def _exit(fields: Fields) -> Status:
    texts = fields.texts("exit", single=True)
    if texts == ("nonzero",):
        return Status((0,), negated=True)
    matches = [_STATUS.fullmatch(text) for text in texts]
    values = [int(match[2]) for match in matches if match]
    negations = {bool(match[1]) for match in matches if match}
    if None in matches or not values or max(values) > 255 or len(negations) != 1:
        message = "'exit' must be a status from 0 to 255, a list of them, or nonzero"
        fields.report(Rule.BAD_VALUE, message, "exit")
        return Status()
    return Status(tuple(values), negated=negations.pop())


def _output(fields: Fields) -> TextMatch:
    if not isinstance(fields.node("output"), Table):
        return TextMatch(all=_patterns(fields, "output"))
    table = fields.table("output")
    assert table is not None
    inner = Fields(fields.source, table, "output", ("all", "any", "none"))
    match = TextMatch(_patterns(inner, "all"), _patterns(inner, "any"), _patterns(inner, "none"))
    if not table.entries:
        fields.report(Rule.EXPECTATION, "'output' expects nothing; give all, any or none", "output")
    return match


def _patterns(fields: Fields, key: str) -> tuple[str, ...]:
    patterns = fields.texts(key, single=True)
    if key in fields and (not all(patterns) or (isinstance(fields.node(key), Items) and not patterns)):
        fields.report(Rule.EXPECTATION, f"{key!r} holds an empty expression, which matches anything", key)
    problems = [regex_problem(pattern) for pattern in patterns]
    for pattern, problem in zip(patterns, problems, strict=True):
        if problem:
            fields.report(Rule.BAD_REGEX, f"{shortened(pattern)!r}: {problem}", key)
    # Lint tries the expressions.
    return tuple(NEVER if problem else pattern for pattern, problem in zip(patterns, problems, strict=True))


def _calls(fields: Fields, key: str, known: tuple[str, ...]) -> CallMatch:
    if not isinstance(fields.node(key), Table):
        return CallMatch(all=_names(fields, key))
    table = fields.table(key)
    assert table is not None
    inner = Fields(fields.source, table, key, known)
    match = CallMatch(
        _names(inner, "all"),
        _names(inner, "any"),
        _names(inner, "none"),
        _causes(inner) if "by" in inner else (),
    )
    if not match.all + match.any + match.none:
        fields.report(Rule.EXPECTATION, f"{key!r} expects nothing; give all, any or none", key)
    return match


def _names(fields: Fields, key: str) -> tuple[str, ...]:
    """Names of system calls, or wildcards that match some."""
    from runner.profile.calls.groups import GROUP_OF  # noqa: PLC0415 - few checks need it

    names = fields.texts(key, single=True)
    if key in fields and not names:
        fields.report(Rule.EXPECTATION, f"{key!r} names no system call", key)
    for name in names:
        if not fnmatch.filter(GROUP_OF, name):
            close = nearest(name, GROUP_OF)
            hint = f" (did you mean {close!r}?)" if close else ""
            fields.report(Rule.BAD_VALUE, f"no system call is named {name!r}{hint}", key)
    return names


def _causes(fields: Fields) -> tuple[str, ...]:
    from runner.profile.filter.attribution import DENYING  # noqa: PLC0415 - few checks need it

    causes = _accepted(fields, "by")
    for cause in causes:
        if cause not in set(DENYING):
            message = f"{cause!r} denies no call; known: {', '.join(DENYING)}"
            fields.report(Rule.BAD_VALUE, message, "by")
    return causes


def _facts(fields: Fields) -> Mapping[str, tuple[str, ...]]:
    facts: dict[str, tuple[str, ...]] = {}
    for key in _TRUTHS:
        if key in fields:
            facts[key] = ("yes" if fields.flag(key) else "no",)
    for key in ("profile", "apparmor"):
        if key in fields:
            facts[key] = _accepted(fields, key)
    if "refused" in fields:
        facts["refused"] = _refusals(fields)
    if "capabilities" in fields:
        facts["capabilities"] = (read_capabilities(fields, "capabilities"),)
    if "action" in fields:
        facts["action"] = _actions(fields)
    if "errno" in fields:
        facts["errno"] = _errors(fields)
    return {key: values for key, values in facts.items() if values}


def _accepted(fields: Fields, key: str) -> tuple[str, ...]:
    """The accepted values of a fact, without empty ones: those are reported."""
    values = fields.texts(key, single=True)
    named = tuple(text for text in values if text.strip())
    if fields.lists_nothing(key) or named != values:
        fields.report(Rule.EXPECTATION, f"{key!r} is empty, so that nothing is looked at; name a value", key)
    return named


def _refusals(fields: Fields) -> tuple[str, ...]:
    values = _accepted(fields, "refused")
    for value in values:
        if value not in set(Refused):
            message = f"{value!r} is nothing that stops a start; known: {', '.join(Refused)}"
            fields.report(Rule.BAD_VALUE, message, "refused")
    return values


def _actions(fields: Fields) -> tuple[str, ...]:
    """Actions by the kernel's names, in lower case."""
    from runner.profile.model import Action  # noqa: PLC0415 - slow to import, and few checks need it

    known = {action.value.removeprefix("SCMP_ACT_").lower(): action for action in Action}
    found = []
    for text in _accepted(fields, "action"):
        name = text.lower().removeprefix("scmp_act_")
        if name in known:
            found.append("kill_thread" if known[name] is Action.KILL else name)
        else:
            message = f"unknown action {text!r}; known: {', '.join(known)}"
            fields.report(Rule.BAD_VALUE, message, "action")
    return tuple(found)


def _errors(fields: Fields) -> tuple[str, ...]:
    """Errors by name; 0, for a call that only pretends to succeed, stays a number."""
    from runner.profile.calls.constants import errno_name, read_errno  # noqa: PLC0415 - few checks need it

    found = []
    for text in _accepted(fields, "errno"):
        number = read_errno(text.upper())
        if number is not None and (number == 0 or number in errno.errorcode):
            found.append(errno_name(number))
        else:
            message = f"unknown errno {text!r}; write a name like EPERM or its number"
            fields.report(Rule.BAD_VALUE, message, "errno")
    return tuple(found)
