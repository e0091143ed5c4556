"""A call that the profile denies: the reason, and the edit that allows it."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile.conditional import decide_for
from runner.profile.edit import allow
from runner.profile.errors import ProfileError
from runner.profile.filter.attribution import Cause
from runner.profile.filter.effective import conditions_text
from runner.profile.filter.partial import tested
from runner.profile.model import Action, Profile
from runner.profile.resolve import applies
from runner.profile.simulation import Simulation
from runner.profile.views.explain import reason, without_call
from runner.profile.views.selector import selector_text
from runner.profile.views.verdicts import Verdict


class Denial(NamedTuple):
    """A call that the profile denies, with the reason and the remedy.

    `allow` are words for `edit --allow`, proven by a trial: the profile with only this edit allows the call. It is
    empty if there are none; then `by_hand` gives the reason and another remedy. `wider` describes what else the words
    allow, empty if nothing.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    allow: str
    wider: str = ""
    by_hand: str = ""


def denial_of(simulation: Simulation, verdict: Verdict) -> Denial:
    """A denied call with its reasons and its remedy."""
    reasons = [f"{_sentence(reason(verdict.decision, simulation.file), simulation.file)}."]
    reasons += _elsewhere(simulation, verdict)
    if not verdict.certain:
        listed = tr(" and ").join(tr("argument {index}", index=index) for index in verdict.open_args)
        reasons.append(
            tr(
                "That depends on {arguments}, which the evidence does not show; denied for {values}.",
                arguments=listed,
                values=_shown(verdict),
            )
        )
    reasons += without_call(verdict.call, verdict.open_args, denied=True)
    reasons += [f"{_sentence(note)}." for note in verdict.decision.notes]
    return _advised(simulation, Denial(verdict, tuple(reasons), _words(simulation, verdict)))


def _advised(simulation: Simulation, denial: Denial) -> Denial:
    """The denial with words that allow the call by themselves: only it if possible, else wider ones."""
    name, *values = denial.allow.split() or [""]
    if not name:
        return denial._replace(by_hand=_by_hand(simulation, denial.verdict))
    refused = _fails(simulation, [denial])
    if refused is None:
        if values or not denial.verdict.open_args:
            return denial
        indexes = tr(" and ").join(str(index) for index in denial.verdict.open_args)
        return denial._replace(
            wider=tr(
                "{name} with any arguments: the evidence does not show argument {index}, on which it depends",
                name=name,
                index=indexes,
            )
        )
    plain = denial._replace(allow=name)
    if values and _fails(simulation, [plain]) is None:
        wider = (
            tr(
                "{name} with any other arguments too: {rule} leaves no room for a rule on this one alone",
                name=name,
                rule=refused,
            )
            if refused
            else tr("{name} with any other arguments too", name=name)
        )
        return plain._replace(wider=wider)
    return denial._replace(allow="", by_hand=_by_hand(simulation, denial.verdict))


def _by_hand(simulation: Simulation, verdict: Verdict) -> str:
    """The remedy for a call that no edit allows."""
    call, decision, file = verdict.call, verdict.decision, simulation.file or tr("the profile")
    if decision.cause is Cause.FOREIGN_ARCHITECTURE:
        if not simulation.arch.runs(call.arch):
            return tr("this is a call of another machine: judge it with --arch {arch}", arch=call.arch.go)
        return tr('list {arch} in {file}, under "archMap" or "architectures"', arch=call.arch.scmp, file=file)
    if decision.cause is Cause.DISABLED:
        return ""
    if call.syscall.name.startswith("#"):
        return tr(
            'rules name calls, and number {number} has no name: only "defaultAction" in {file} decides',
            number=call.syscall.number,
            file=file,
        )
    rule = decision.rule.source if decision.rule else None
    return (
        tr("change the rule at {place}", place=f"{file}:{rule.at.line} ({rule.at.path})")
        if rule
        else tr('change "defaultAction" in {file}', file=file)
    )


def _elsewhere(simulation: Simulation, verdict: Verdict) -> Iterator[str]:
    """Rules that would allow the call with other arguments or for another container."""
    name = verdict.call.syscall.name
    for rule in simulation.profile.rules:
        if name not in rule.names or rule.action not in (Action.ALLOW, Action.LOG):
            continue
        place = f"{simulation.file}:{rule.at.line} ({rule.at.path})"
        conditions = conditions_text(rule.args)
        if not applies(rule, simulation.target):
            container = selector_text(rule.includes, rule.excludes)
            yield (
                tr(
                    "The rule at {place} would allow it {container} and {conditions}.",
                    place=place,
                    container=container,
                    conditions=conditions,
                )
                if conditions
                else tr("The rule at {place} would allow it {container}.", place=place, container=container)
            )
        elif conditions:
            yield tr(
                "The rule at {place} allows it only where {conditions}.", place=place, conditions=conditions
            )


def _words(simulation: Simulation, verdict: Verdict) -> str:
    """The call for `edit --allow`, with the arguments that the profile tests."""
    call, decision = verdict.call, verdict.decision
    if decision.cause in (Cause.FOREIGN_ARCHITECTURE, Cause.DISABLED) or call.syscall.name.startswith("#"):
        return ""
    looked_at = tested(simulation.filter, call.arch, call.syscall.number) if simulation.filter else ()
    if not looked_at or verdict.open_args:
        return call.syscall.name
    words = [hex(call.args[index]) if index in looked_at else "*" for index in range(max(looked_at) + 1)]
    return " ".join((call.syscall.name, *words))


def combined_edits(
    simulation: Simulation, denials: Sequence[Denial]
) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    """Return words that together allow all calls that can be, the calls that stay denied, and the widened names.

    Rules on one call change nothing for others, so each name is tried by itself.
    """
    by_name: dict[str, list[Denial]] = {}
    for denial in denials:
        if denial.allow:
            by_name.setdefault(denial.verdict.call.syscall.name, []).append(denial)
    calls: list[str] = []
    widened = []
    for name, wanted in by_name.items():
        words = list(dict.fromkeys(denial.allow for denial in wanted))
        if name in words:
            words = [name]
        elif len(words) > 1 and _fails(simulation, wanted) is not None:
            words = [name]
            widened.append(name)
        calls += words
    left = dict.fromkeys(_on(simulation, denial) for denial in denials if not denial.allow)
    return calls, tuple(left), tuple(widened)


def _on(simulation: Simulation, denial: Denial) -> str:
    call = denial.verdict.call
    name, arch = call.syscall.name, call.arch
    return name if arch == simulation.arch else tr("{call} on {arch}", call=name, arch=arch.go)


def with_allowed(profile: Profile, denials: Sequence[Denial]) -> Profile:
    """Return the profile with all edits for the denials.

    Raises:
        ProfileError: its rules on such a call cannot be changed that way.
    """
    # As in `edit`: first the calls with any arguments, since those drop the other rules on the call.
    for denial in sorted(denials, key=lambda denial: " " in denial.allow):
        name, *words = denial.allow.split()
        if words:
            values = {index: int(word, 0) for index, word in enumerate(words) if word != "*"}
            profile = decide_for(profile, name, values, Action.ALLOW)
        else:
            profile = allow(profile, [name])
    return profile


def _fails(simulation: Simulation, denials: Sequence[Denial]) -> str | None:
    """None if the profile with all edits for the denials of one call allows them.

    Else the place of the rule that conflicts with the edits, empty if there is none.
    """
    names = {denial.verdict.call.syscall.name for denial in denials}
    # Rules on other calls do not affect these, and take most of the time.
    few = tuple(
        replace(rule, names=tuple(name for name in rule.names if name in names), legacy_name=False)
        for rule in simulation.profile.rules
        if not names.isdisjoint(rule.names)
    )
    try:
        changed = with_allowed(replace(simulation.profile, rules=few), denials)
        after = Simulation(changed, simulation.target, exact=False)
    except (ProfileError, UsageError) as error:
        at = error.at if isinstance(error, ProfileError) else None
        return f"{simulation.file}:{at.line} ({at.path})" if at else ""
    return None if all(after.decide(denial.verdict.call).executed for denial in denials) else ""


def edit_command(file: str, calls: Sequence[str]) -> str:
    """The command that creates a profile with these words allowed; "" if there are none."""
    if not calls:
        return ""
    plain = list(dict.fromkeys(call for call in calls if " " not in call))
    options = [("--allow", ",".join(plain))] if plain else []
    options += [("--allow", call) for call in dict.fromkeys(calls) if " " in call]
    words = [
        "workshop",
        "profile",
        "edit",
        file or "PROFILE",
        *(word for option in options for word in option),
    ]
    return f"{shlex.join(words)} -o allowed.json"


def _sentence(text: str, file: str = "") -> str:
    """The text with a capital letter, unless it begins with a name."""
    named = text.startswith(("syscalls[", "libseccomp")) or (file and text.startswith(f"{file}:"))
    return text if named else text[:1].upper() + text[1:]


def _shown(verdict: Verdict) -> str:
    return ", ".join(
        tr("argument {index} = {value}", index=index, value=hex(verdict.call.args[index]))
        for index in verdict.open_args
    )
