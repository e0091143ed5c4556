"""The answer of `workshop profile why` in words."""

from runner.language import counted

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from runner.profile.evidence.messages import Told
    from runner.profile.simulation import Simulation
    from runner.profile.version import Version
    from runner.trace.denial import Denial
    from runner.trace.why import Answer, Reported

_OLDEST_NAMED = "17.03"
"""Nobody runs an older engine, so that its default explains nothing."""

_LOWER_CASE_NAMES = ("crun", "no_new_privs", "runc", "systemd")
"""Names that keep their small letter at the beginning of a sentence."""


def answer_lines(simulation: "Simulation", found: "Answer") -> "Iterator[str]":
    """The answer as `why` prints it, line by line."""
    for denial in found.denied:
        yield from denial_lines(denial)
    for reported in found.reported:
        yield from _reported_lines(simulation, reported)
    if not found.denied and all(_denies_nothing(reported) for reported in found.reported):
        yield f"{simulation.file} denies nothing in the evidence."
    yield from _logged_lines(found)
    yield from _own_lines(found)
    yield from _otherwise_lines(simulation, found)
    passed = sum(denial.verdict.contradicted for denial in found.denied)
    if passed:
        yield (
            f"{counted(passed, 'kinds')} of these calls went otherwise in the evidence: it may "
            "come from another profile, or from a program without one."
        )
        others = [denial.verdict for denial in found.denied if denial.verdict.contradicted]
        yield from _older_answers(
            simulation, [verdict.call.syscall.name for verdict in others if verdict.first.errno]
        )
    if found.command:
        but = f", but for {', '.join(found.left)}" if found.left else ""
        yield f"To allow what was denied{but}: {found.command}"
        if found.widened:
            names = ", ".join(found.widened)
            yield f"  That allows {names} with any arguments: the separate changes for each call cannot be combined."
    yield from found.log


def _logged_lines(found: "Answer") -> "Iterator[str]":
    """The printed lines on the calls that the profile lets through, and whose records say that they were executed."""
    from runner.cli.profile.decisions.in_words import LOGGED, line_text, open_arguments

    if not found.logged:
        return
    listed = (f"{each.call.syscall.name} ({line_text(each.first.line, each.count)})" for each in found.logged)
    yield f"Allowed, and logged: {', '.join(listed)}."
    yield f"  {LOGGED}."
    for verdict in found.logged:
        if verdict.open_args:
            decided = f"decides on {verdict.call.syscall.name} by {open_arguments(verdict)}"
            yield f"  This profile {decided}, which a record does not show."


def _otherwise_lines(simulation: "Simulation", found: "Answer") -> "Iterator[str]":
    """The printed lines on the calls that failed although the profile lets them through."""
    from runner.cli.profile.decisions.in_words import line_text, seen_text
    from runner.trace.why import young_since

    if found.stopped:
        yield (
            f"Seccomp stopped these, and {simulation.file} lets them through: another profile was in force, or a "
            "filter of the program's own."
        )
        for verdict in found.stopped:
            yield f"  {line_text(verdict.first.line, verdict.count)}: {seen_text(verdict)}"
    if found.others:
        yield "Not seccomp: the profile lets these through, and they failed all the same."
        for verdict in found.others:
            yield f"  {line_text(verdict.first.line, verdict.count)}: {seen_text(verdict)}"
        if any(verdict.first.errno != "ENOSYS" for verdict in found.others):
            yield "  The kernel's own checks (capabilities, permissions) or another security module refused them."
        if any(verdict.first.errno == "ENOSYS" for verdict in found.others):
            yield "  ENOSYS: the kernel has no such call (too old, or built without it), or another filter acted."
        yield from _older_defaults(simulation, [verdict.call.syscall.name for verdict in found.others])
        young = {verdict.first.name: since for verdict in found.others if (since := young_since(verdict))}
        yield from _young_calls(young)


def _young_calls(young: "Mapping[str, Version]") -> "Iterator[str]":
    """The printed line on calls that a libseccomp in use may not know, by its first version that does."""
    if young:
        listed = ", ".join(f"{name} ({since})" for name, since in young.items())
        yield (
            f"  Or the host's libseccomp is older than {listed}: then the runtime leaves the rule out, and the "
            "call gets the default action; --libseccomp judges by an older one."
        )


def _older_defaults(simulation: "Simulation", names: "Iterable[str]") -> "Iterator[str]":
    """The printed lines on calls that the defaults of older engines deny, if the evidence may be of such an engine."""
    if simulation.file != "default":
        return
    from runner.cli.profile.given.options import read_kernel
    from runner.profile.version import Version
    from runner.profile.views.timeline import kernel_of, named_since

    by_engine: dict[Version, list[str]] = {}
    for name in dict.fromkeys(names):
        if (since := named_since(name)) and since > Version.of(_OLDEST_NAMED):
            by_engine.setdefault(since, []).append(name)
    for engine, calls in by_engine.items():
        allowed = ", ".join(calls)
        yield (
            f"  Or the engine is older than {engine}, whose default was the first to allow {allowed} for good: "
            "--engine-version judges by an older one."
        )
    if simulation.target.kernel != read_kernel(None):
        return  # --kernel has named another
    for name in dict.fromkeys(names):
        if kernel := kernel_of(name):
            yield (
                f"  Or the kernel is older than {kernel[0]}.{kernel[1]}, from which on the default allows {name}: "
                "--kernel judges by an older one."
            )


def _older_answers(simulation: "Simulation", names: "Iterable[str]") -> "Iterator[str]":
    """The printed lines on denied calls to which the defaults of older engines gave another error."""
    if simulation.file != "default":
        return
    from runner.profile.views.timeline import answered_since

    for name in dict.fromkeys(names):
        if changed := answered_since(name):
            engine, errno = changed
            yield (
                f"  Or the engine is older than {engine}, whose default was the first to answer {name} with {errno}, "
                "at which C libraries make an older call: --engine-version judges by an older one."
            )


def _own_lines(found: "Answer") -> "Iterator[str]":
    """The printed lines on what the program's own seccomp did."""
    if found.own_filter and not found.own:
        yield "The program has installed a seccomp filter of its own, which can make any call fail."
    if not found.own:
        return
    from runner.cli.profile.decisions.in_words import line_text
    from runner.trace.own_seccomp import own_sentence

    for refusal in found.own:
        yield f"{line_text(refusal.call.line, refusal.times)}: {own_sentence(refusal)}"


def denial_lines(denial: "Denial") -> "Iterator[str]":
    """The printed lines on one denial."""
    from runner.cli.profile.decisions.in_words import LOGGED, line_text, seen_text
    from runner.profile.evidence.model import EvidenceKind

    verdict = denial.verdict
    yield verdict.headline
    if verdict.first.kind is not EvidenceKind.MESSAGE:
        yield f"  seen on {line_text(verdict.first.line, verdict.count)}: {seen_text(verdict)}"
    if verdict.logged:
        yield f"  {LOGGED}."
    for reason in denial.reasons:
        yield f"  {reason}"
    if denial.allow:
        yield f"  To allow it: --allow {denial.allow!r} (tried: the call passes then)."
        if denial.wider:
            yield f"  That allows {denial.wider}."
    elif denial.by_hand:
        yield f"  `workshop profile edit` cannot allow it: {denial.by_hand}."


def _reported_lines(simulation: "Simulation", reported: "Reported") -> "Iterator[str]":
    from runner.cli.profile.decisions.judging import HOW_TO_NAME_IT
    from runner.trace.why import young_among

    yield f"line {reported.message.line}: {reported.message.text}"
    told = reported.told
    yield f"  {meaning_sentence(told)}"
    if told.refused:
        yield f"  No call was denied: {told.step or _linted(simulation.file)}."
        return
    names = ", ".join(told.calls)
    if not told.calls and not told.runtime:
        yield f"  {told.step or HOW_TO_NAME_IT}."
        return
    if reported.denied:
        yield f"  {_introduction(reported)}:"
        for denial in reported.denied:
            yield from (f"  {line}" for line in denial_lines(denial))
        yield from _older_answers(simulation, told.calls)
    elif not told.calls and not reported.also:
        yield "  The profile denies none of the calls that this can be about: it is not seccomp, or another profile."
        return
    else:
        yield f"  The profile denies none of {names}: it is not seccomp, or another profile."
        yield from _older_defaults(simulation, told.calls)
        yield from _young_calls(young_among(simulation, told.calls))
    if reported.also:
        yield "  The runtime stops at the first call that fails. The profile denies these of its own calls as well:"
        for denial in reported.also:
            yield from (f"  {line}" for line in denial_lines(denial))


def meaning_sentence(told: "Told") -> str:
    """What a message means, as a sentence."""
    meaning = told.meaning
    begin = meaning[:1] if meaning.startswith(_LOWER_CASE_NAMES) else meaning[:1].upper()
    return f"{begin}{meaning[1:]}."


def _linted(file: str) -> str:
    """The next step for a refused profile: the engines' own are hardly refused, so another was given."""
    if file.partition("@")[0] == "default":
        return "`workshop profile lint FILE` says what is wrong with the profile that was given"
    return f"`workshop profile lint {file}` says what is wrong with it"


def _denies_nothing(reported: "Reported") -> bool:
    told = reported.told
    return bool(told.calls or told.runtime) and not (told.refused or reported.denied or reported.also)


def _introduction(reported: "Reported") -> str:
    """An introduction with the source of the calls that follow: a message seldom names one."""
    names = [denial.verdict.call.syscall.name for denial in reported.denied]
    if all(name in reported.message.text for name in names):
        some = "" if all(denial.verdict.certain for denial in reported.denied) else " with some arguments"
        return f"The profile denies {'it' if len(names) == 1 else 'them'}{some}"
    if not reported.told.runtime:
        return "The message need not name a call. It may be about these, which the profile denies"
    if reported.told.calls:
        return "The message need not name a call. For this the runtime makes these, which the profile denies"
    return "The message names no call. These are the runtime's own calls that the profile denies"
