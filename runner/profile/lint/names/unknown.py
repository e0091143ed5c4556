"""Names in rules that are no system calls."""

import re
from collections.abc import Iterator

from runner.language import tr
from runner.profile.calls.c_library import CALLS
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.meant import meant
from runner.profile.calls.syscalls import arch, of_number
from runner.profile.filter.effective import effect
from runner.profile.finding import Severity
from runner.profile.history.library import is_known, known_since
from runner.profile.lint.fixes import replace_value
from runner.profile.lint.rule import Hit, Subject
from runner.profile.model import Rule

_DIGITS = 4
"""The longest number of a call."""
_MOST_SEARCHES = 20
"""The largest number of unknown names to suggest spellings for: the search is slow, and so many have another cause."""
_PREFIXES = ("__nr_", "sys_", "__x64_sys_", "scmp_sys_")


def unknown_name(subject: Subject) -> Iterator[Hit]:
    """The names that no system call has."""
    searches = 0
    for rule, index, name in subject.names():
        if name in KNOWN and not is_known(name, subject.target.library):
            yield _left_out(subject, rule, index, name)
        if not name or name in KNOWN:
            continue
        at, denied = subject.at_name(rule, index), not effect(rule.action, rule.errno).passes
        plain = near = _spelling(name) or _of_number(name, subject.target.arch)
        if not plain and searches < _MOST_SEARCHES:
            searches += 1
            near = "" if len(CALLS.get(name, ())) > 1 else meant(name, cutoff=0.75)
        yield Hit(
            _no_such_call(name[:40], near, denies=denied) + _no_single_call(name),
            at,
            replace_value(subject.document, at.path, plain) if plain else (),
            Severity.HIGH if denied else Severity.MEDIUM,
        )


def _left_out(subject: Subject, rule: Rule, index: int, name: str) -> Hit:
    """What becomes of a name that the runtime's libseccomp does not know yet."""
    denied = not effect(rule.action, rule.errno).passes
    message = (
        tr(
            "libseccomp {version} does not know {call}, which {since} is the first to know: the runtime leaves the "
            "name out, and does not deny it",
            version=subject.target.library,
            call=name,
            since=known_since(name),
        )
        if denied
        else tr(
            "libseccomp {version} does not know {call}, which {since} is the first to know: the runtime leaves the "
            "name out",
            version=subject.target.library,
            call=name,
            since=known_since(name),
        )
    )
    return Hit(message, subject.at_name(rule, index), (), Severity.HIGH if denied else Severity.MEDIUM)


def _no_such_call(name: str, near: str, *, denies: bool) -> str:
    if near:
        return (
            tr(
                "no system call is called '{name}', so nothing is denied; did you mean {near}?",
                name=name,
                near=near,
            )
            if denies
            else tr(
                "no system call is called '{name}', so the rule has no effect for it; did you mean {near}?",
                name=name,
                near=near,
            )
        )
    return (
        tr("no system call is called '{name}', so nothing is denied", name=name)
        if denies
        else tr("no system call is called '{name}', so the rule has no effect for it", name=name)
    )


def _no_single_call(name: str) -> str:
    """What to write in place of a text that stands for several calls; "" for any other."""
    if "*" in name:
        return "; " + tr("there are no wildcards: name the calls, or set defaultAction for all")
    if name.startswith("@"):
        return "; " + tr(
            "sets are systemd's: `systemd-analyze syscall-filter {name}` lists the calls", name=name[:40]
        )
    if len(calls := CALLS.get(name, ())) > 1:
        return "; " + tr("the C library's function of that name makes {calls}", calls=" ".join(calls))
    parts = re.split(r"[\s,;|]+", name.strip())
    if len(parts) > 1 and all(part in KNOWN for part in parts):
        return "; " + tr("write each call as a string of its own")
    return ""


def _of_number(name: str, machine: str) -> str:
    """The call of the machine with the number that stands in the place of a name; "" for any other text."""
    if not name.isdecimal() or len(name) > _DIGITS:
        return ""
    found = of_number(int(name), arch(machine)).name
    return found if found in KNOWN else ""


def _spelling(name: str) -> str:
    """The call that is certainly meant: other case, blanks around it, or a prefix from a header file."""
    plain = name.strip().lower()
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix)
    return plain if plain in KNOWN else ""
