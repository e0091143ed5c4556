"""Calls with which programs and threads end."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.filter.effective import Effect
from runner.profile.finding import Severity
from runner.profile.lint.rule import Case, Hit, LintRule, Subject
from runner.profile.model import Action, Location

_FAILS = frozenset((Action.ERRNO, Action.TRACE))
"""The actions after which the caller goes on."""
_SPARES = frozenset((Action.KILL_THREAD, Action.NOTIFY))
"""The actions for exit that end the thread alone, or leave that to a listener."""


def no_exit(subject: Subject) -> Iterator[Hit]:
    # The rules of a base profile that is not at hand may allow both.
    for case in () if subject.target.base else subject.cases[:1]:
        program, thread = (case.view.ruling_for(name) for name in ("exit_group", "exit"))
        # A listener decides on each call that it is told of.
        if not (case.view.allowed("exit_group") or program.action is Action.NOTIFY):
            if program.action not in _FAILS or thread.action is not Action.NOTIFY:
                yield _of_programs(subject, case, program, thread)
        elif not case.view.allowed("exit") and thread.action not in _SPARES:
            yield _of_threads(subject, case, thread)


def _of_programs(subject: Subject, case: Case, program: Effect, thread: Effect) -> Hit:
    at = _place(subject, case, "exit_group")
    if program.action not in _FAILS or not (thread.passes or thread.action in _FAILS):
        return Hit(tr("a program that has finished is killed as it ends: its status is always 159"), at)
    if thread.action in _FAILS:
        return Hit(
            tr("exit_group and exit fail: a program that has finished crashes (status 139), or never ends"),
            at,
        )
    return Hit(
        tr("exit_group fails: of a program with several threads, only the one that calls it ends"),
        at,
        severity=Severity.MEDIUM,
    )


def _of_threads(subject: Subject, case: Case, thread: Effect) -> Hit:
    message = (
        tr("exit fails: a thread that has finished stays, and calls it again and again")
        if thread.action in _FAILS
        else tr("exit kills: with the first thread that has finished, the program ends")
    )
    named = "exit" in case.view.calls
    # What a program without threads was seen to call does not have it.
    severity = Severity.MEDIUM if named else Severity.INFO
    return Hit(message, _place(subject, case, "exit"), severity=severity)


def _place(subject: Subject, case: Case, name: str) -> Location:
    ruling = case.view.calls.get(name)
    source = ruling.always_source if ruling else None
    return subject.place(source, name) if source else subject.at("defaultAction")


RULES = (
    LintRule(
        "no-exit",
        Severity.HIGH,
        no_exit,
        "A program ends with exit_group, and a thread with exit. C libraries try exit where exit_group fails: so with "
        "exit_group alone denied, a program with one thread ends as it should, and the other threads of another one "
        "go on. With both denied, a program that has done all its work crashes with status 139 (or, as the first "
        "process of a container that is traced, never ends), and a thread calls exit for ever. Where exit_group kills, "
        "the status is always 159. A table of strace -c never shows these calls, and a log of a program without "
        "threads has no exit: allow both.",
    ),
)
