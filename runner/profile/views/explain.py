"""A decision in prose: the call's purpose, the deciding rule, the program's view, and the ways around it."""

import os
from collections.abc import Collection, Iterable
from typing import NamedTuple

from runner.language import tr
from runner.profile.calls.call import Call
from runner.profile.calls.groups import GROUPS
from runner.profile.calls.vdso import is_answered, random_numbers
from runner.profile.filter.attribution import Cause
from runner.profile.filter.effective import conditions_text
from runner.profile.filter.simulate import Decision
from runner.profile.simulation import Simulation
from runner.profile.views.headline import headline
from runner.profile.views.neighbours import Neighbour, replaced, replacing

_OUTCOMES = {
    "allow": "The kernel executes the call; its own checks (capabilities, permissions) still apply.",
    "log": "The kernel executes the call, and writes a record of it to its log.",
    "kill_thread": "The thread that calls dies by SIGSYS: a shell shows `Bad system call`, status 159.",
    "kill_process": "The process dies by SIGSYS: a shell shows `Bad system call`, status 159.",
    "trap": "The process gets SIGSYS; one without a handler dies: `Bad system call`, status 159.",
    "trace": "A tracer would decide; without one the call fails with ENOSYS: `Function not implemented`.",
    "notify": "The call waits for the agent that listens on the profile's socket to decide.",
}
_CAUSES = {
    Cause.DEFAULT: "no rule: the default action of the profile decides",
    Cause.NEWER_THAN_PROFILE: "the runtime's ENOSYS stub: the number is above all that the profile names",
    Cause.FOREIGN_ARCHITECTURE: "libseccomp: the profile does not list the architecture of this call",
    Cause.DISABLED: "nothing: the profile turns seccomp off",
    Cause.KERNEL: "the kernel, which asks no filter about this call",
    Cause.RULE: "a rule that the profile's text does not show",
}


class Explanation(NamedTuple):
    """A decision and the facts around it; `lines` are the prose."""

    call: Call
    decision: Decision
    purpose: str
    neighbours: tuple[Neighbour, ...]
    lines: tuple[str, ...]


def explain(simulation: Simulation, call: Call) -> Explanation:
    """Explain what a profile decides for a call."""
    decision = simulation.decide(call)
    purpose = next((tr(group.title) for group in GROUPS if call.syscall.name in group.calls), "")
    find = replaced if decision.executed else replacing
    neighbours = tuple(find(simulation, call))
    lines = (
        headline(call, decision),
        *([tr("Purpose: {purpose}.", purpose=purpose)] if purpose else []),
        tr("Decided by: {reason}.", reason=reason(decision, simulation.file)),
        outcome(decision),
        *without_call(call, denied=not decision.executed),
        *_ways_around(call, decision, neighbours),
        *(tr("Note: {note}.", note=note) for note in decision.notes),
    )
    return Explanation(call, decision, purpose, neighbours, lines)


def reason(decision: Decision, file: str) -> str:
    """The deciding rule with its place in the file, or the reason why there is none."""
    if decision.rule is not None:
        source = decision.rule.source
        place = f"{file}:{source.at.line}, {source.at.path}" if source else f"syscalls[{decision.index}]"
        conditions = conditions_text(decision.rule.args)
        return (
            tr("{place}, because {conditions}", place=place, conditions=conditions) if conditions else place
        )
    if decision.cause is Cause.DEFAULT and file:
        return tr("no rule: the default action of profile '{file}' decides", file=file)
    return tr(_CAUSES[decision.cause])


def outcome(decision: Decision) -> str:
    """The result as the program sees it."""
    if decision.action != "errno":
        return tr(_OUTCOMES[decision.action])
    if decision.errno_number == 0:
        return tr("The call is not executed, but the program is told that it succeeded, and gets 0.")
    message = os.strerror(decision.errno_number or 0)
    return tr(
        "The call is not executed; the program gets {errno}: `{message}`.",
        errno=decision.errno,
        message=message,
    )


def without_call(call: Call, unknown: Collection[int] = (), *, denied: bool) -> Iterable[str]:
    """A sentence on a call that programs seldom make, since the vDSO answers it; `unknown` is as for `is_answered`."""
    if random := random_numbers(call):
        yield _random_numbers(*random, denied=denied)
    if not is_answered(call, unknown):
        return
    if denied:
        yield tr(
            "Programs seldom make this call, and get the answer all the same: the vDSO, a library that the kernel puts "
            "into each process, gives it, and no filter sees that."
        )
    else:
        yield tr(
            "Programs seldom make this call: the vDSO, a library that the kernel puts into each process, gives the "
            "answer, and no filter sees that."
        )


def _random_numbers(kernel: str, library: str, *, denied: bool) -> str:
    library = library or tr("a C library that uses it")
    if denied:
        return tr(
            "Programs seldom make this call with kernel {kernel} and {library}, or newer: the vDSO, a library that the "
            "kernel puts into each process, gives the numbers. It gets its key by this call, and fails as the call "
            "does.",
            kernel=kernel,
            library=library,
        )
    return tr(
        "Programs seldom make this call with kernel {kernel} and {library}, or newer: the vDSO, a library that the "
        "kernel puts into each process, gives the numbers, and makes the call for a new key alone.",
        kernel=kernel,
        library=library,
    )


def _ways_around(call: Call, decision: Decision, neighbours: tuple[Neighbour, ...]) -> Iterable[str]:
    if not neighbours:
        return
    if decision.executed:
        denied = [near.in_words for near in neighbours if near.denied]
        if denied:
            yield tr(
                "Denied neighbours, which {call} can stand in for: {calls}.",
                call=call.syscall.name,
                calls=", ".join(denied),
            )
        return
    if open_ways := [near.in_words for near in neighbours if near.passes]:
        yield tr(
            "Beware: the profile lets {calls} pass, which can do the same or a part of it.",
            calls=", ".join(open_ways),
        )
    else:
        yield tr(
            "Its neighbours are not let through either: {calls}.",
            calls=", ".join(near.name for near in neighbours),
        )
