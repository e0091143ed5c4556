"""Errors: the container does not start, or starts without the profile."""

from collections.abc import Iterator

from runner.profile.filter.effective import Effective
from runner.profile.filter.runtime_needs import GO_RUNTIME, base
from runner.profile.finding import Severity
from runner.profile.lint.clashes import clashes
from runner.profile.lint.fixes import remove_item
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Action
from runner.profile.resolve import SECCOMP_ARCHES

MAX_ERRNO = 4094
_ARCHES = {
    *SECCOMP_ARCHES.values(),
    *("SCMP_ARCH_X32", "SCMP_ARCH_MIPS", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_M68K"),
    *("SCMP_ARCH_SH", "SCMP_ARCH_SHEB"),
}
_FLAGS = {
    "SECCOMP_FILTER_FLAG_TSYNC",
    "SECCOMP_FILTER_FLAG_LOG",
    "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
}
_CHECKED_ARCHES = {"amd64", "arm64"}


def seccomp_off(subject: Subject) -> Iterator[Hit]:
    if subject.profile.default_action is None:
        yield Hit("no defaultAction and no rules: the container runs unconfined", subject.at(""))


def runtime_base(subject: Subject) -> Iterator[Hit]:
    if subject.target.arch not in _CHECKED_ARCHES or not subject.effective:
        return
    needed = base(subject.target.runtime)
    missing = sorted({name for view in subject.effective for name in needed if not view.allowed(name)})
    if missing:
        runtime = f"runc {subject.target.runtime}" if subject.target.runtime else "runc"
        listed = " ".join(missing)
        yield Hit(
            f"{runtime} itself needs calls that the profile denies: {listed}", subject.at("defaultAction")
        )


def start_hang(subject: Subject) -> Iterator[Hit]:
    killed = sorted({name for view in subject.effective for name in _killed(view)})
    if killed:
        listed = " ".join(killed)
        yield Hit(
            f"a thread of runc that makes one of these calls is killed and the start hangs: {listed}",
            subject.at("defaultAction"),
        )


def _killed(view: Effective) -> Iterator[str]:
    for name in base(None) | GO_RUNTIME:
        decision = view.calls.get(name)
        effects = [view.default] if decision is None else [case.effect for case in decision.conditional]
        if decision is not None:
            effects.append(decision.always or view.default)
        if any(effect.action is Action.KILL_THREAD for effect in effects):
            yield name


def name_and_names(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        if rule.legacy_name and len(rule.names) > 1:
            yield Hit("both 'name' and 'names' are given", subject.at(f"{rule.at.path}.name"))


def architectures_and_arch_map(subject: Subject) -> Iterator[Hit]:
    if subject.profile.architectures and subject.profile.arch_map:
        yield Hit("both 'architectures' and 'archMap' are given", subject.at("archMap"))


def unknown_architecture(subject: Subject) -> Iterator[Hit]:
    for index, name in enumerate(subject.profile.architectures):
        if name not in _ARCHES:
            yield Hit(f"'{name}' is not a valid architecture", subject.at(f"architectures[{index}]"))
    native = SECCOMP_ARCHES.get(subject.target.arch)
    for index, entry in enumerate(subject.profile.arch_map):
        for sub, name in enumerate(entry.sub_architectures):
            if name not in _ARCHES and entry.architecture == native:
                path = f"archMap[{index}].subArchitectures[{sub}]"
                yield Hit(f"'{name}' is not a valid architecture", subject.at(path))


def unknown_flag(subject: Subject) -> Iterator[Hit]:
    for index, flag in enumerate(subject.profile.flags):
        if flag not in _FLAGS:
            fix = remove_item(subject.document, "flags", index) if not flag else ()
            yield Hit(f"'{flag}' is not a flag of seccomp", subject.at(f"flags[{index}]"), fix)


def argument_index(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        for index, arg in enumerate(rule.args):
            if arg.index > 5:
                path = f"{rule.at.path}.args[{index}].index"
                yield Hit(f"argument {arg.index}: calls have at most six, 0 to 5", subject.at(path))


def errno_too_large(subject: Subject) -> Iterator[Hit]:
    if (subject.profile.default_errno or 0) > MAX_ERRNO:
        yield Hit(
            f"errno {subject.profile.default_errno} is above {MAX_ERRNO}", subject.at("defaultErrnoRet")
        )
    for rule in subject.profile.rules:
        if (rule.errno or 0) > MAX_ERRNO:
            yield Hit(f"errno {rule.errno} is above {MAX_ERRNO}", subject.at(f"{rule.at.path}.errnoRet"))


def empty_name(subject: Subject) -> Iterator[Hit]:
    for rule, index, name in subject.names():
        if not name:
            fix = remove_item(subject.document, f"{rule.at.path}.names", index - rule.legacy_name)
            yield Hit("an empty string names no call", subject.at_name(rule, index), fix)


def conflicting_rules(subject: Subject) -> Iterator[Hit]:
    return clashes(subject, "an earlier rule has the same condition and another action", same_condition=True)


RULES = (
    LintRule(
        "seccomp-off",
        Severity.ERROR,
        seccomp_off,
        "A profile without a defaultAction and without rules, such as {}, is accepted and means no seccomp at all: "
        "the container runs unconfined (Seccomp: 0 in /proc/self/status). Give a defaultAction; for no filter on "
        "purpose, say seccomp=unconfined where everybody can see it.",
    ),
    LintRule(
        "runtime-base",
        Severity.ERROR,
        runtime_base,
        "The runtime loads the filter before it has finished setting the container up, so its own last calls, such "
        "as capset, setuid and execve, pass through your filter too. If one of them is denied, the container does "
        "not start, and the message seldom says why. What runc needs changes with its version: since 1.2.8 and "
        "1.3.3 also statx and openat2. Allow these calls even if your program does not make them.",
    ),
    LintRule(
        "start-hang",
        Severity.ERROR,
        start_hang,
        "SCMP_ACT_KILL and SCMP_ACT_KILL_THREAD end one thread, not the process. If that happens to a thread of "
        "runc's while it starts the container, the others wait for it for ever: the container stays in the state "
        "Created and the engine answers no more questions about it until runc is killed. Deny with "
        "SCMP_ACT_ERRNO, or use SCMP_ACT_KILL_PROCESS, after which a failed start ends with an error.",
    ),
    LintRule(
        "name-and-names",
        Severity.ERROR,
        name_and_names,
        "A rule names its calls by 'names', or by 'name' in the form of before Docker 1.13. The engine refuses a "
        "profile with a rule that has both.",
    ),
    LintRule(
        "architectures-and-archmap",
        Severity.ERROR,
        architectures_and_arch_map,
        "'architectures' lists what the filter covers on any machine, 'archMap' what it covers for each kind of "
        "machine. The engine refuses a profile with both; keep archMap.",
    ),
    LintRule(
        "unknown-architecture",
        Severity.ERROR,
        unknown_architecture,
        "Architectures go by libseccomp's names, such as SCMP_ARCH_X86_64 or SCMP_ARCH_AARCH64. The runtime "
        "refuses any other.",
    ),
    LintRule(
        "unknown-flag",
        Severity.ERROR,
        unknown_flag,
        "The runtime takes the flags SECCOMP_FILTER_FLAG_TSYNC, …_LOG, …_SPEC_ALLOW and …_WAIT_KILLABLE_RECV, and "
        "refuses any other.",
    ),
    LintRule(
        "argument-index",
        Severity.ERROR,
        argument_index,
        "System calls have up to six arguments, counted from 0. The runtime refuses a condition on a seventh.",
    ),
    LintRule(
        "errno-too-large",
        Severity.ERROR,
        errno_too_large,
        "The kernel's error numbers end at 4095, and libseccomp refuses that one and everything above, with a "
        "message about two checks on the same argument that leads you astray. Use a number from errno(3).",
    ),
    LintRule(
        "empty-name",
        Severity.ERROR,
        empty_name,
        "A rule that names a call with an empty string makes the runtime refuse the whole profile. null within "
        "names reads as an empty string too.",
    ),
    LintRule(
        "conflicting-rules",
        Severity.ERROR,
        conflicting_rules,
        "Two rules on a call with the same condition and different actions contradict each other. libseccomp "
        "refuses the second one, so that the container fails to start with 'file exists'. Keep one of them.",
    ),
)
