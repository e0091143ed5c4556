"""Medium: unexpected behaviour on some machine, architecture or version."""

from collections.abc import Iterator
from errno import EPERM

from runner.language import tr
from runner.profile.calls.syscalls import arch, never_filtered_calls
from runner.profile.filter.effective import effect
from runner.profile.finding import Severity
from runner.profile.history.engine import (
    CONDITIONS_SINCE,
    ERRNO_SINCE,
    FULL_FIELDS_SINCE,
    MIN_KERNEL_SINCE,
    knows,
)
from runner.profile.lint.fixes import replace_value
from runner.profile.lint.names.in_selectors import selectors, unknown_capability, unknown_condition_arch
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Action, Operator, Rule, Selector
from runner.profile.version import Version

OLD_CLONE_MASK = 0x7C020000
CLONE_MASK = 0x7E020000
_FOREIGN = {
    "amd64": ("SCMP_ARCH_X86", "SCMP_ARCH_X32"),
    "arm64": ("SCMP_ARCH_ARM",),
    "s390x": ("SCMP_ARCH_S390",),
}


def incomplete_architectures(subject: Subject) -> Iterator[Hit]:
    expected = _FOREIGN.get(subject.target.arch, ())
    for oci in subject.resolved[:1]:
        missing = [name for name in expected if name not in oci.architectures]
        if missing and (oci.architectures or oci.rules):
            key = "architectures" if subject.profile.architectures else "archMap"
            severity = Severity.MEDIUM if oci.architectures else Severity.INFO
            yield Hit(
                tr(
                    "programs of {architectures} are killed at their first call",
                    architectures=tr(" and ").join(missing),
                ),
                subject.at(key),
                severity=severity,
            )


def never_filtered(subject: Subject) -> Iterator[Hit]:
    machine = arch(subject.target.arch)
    for name, (number, since) in never_filtered_calls(machine).items():
        for rule in subject.profile.rules if subject.target.kernel >= since else ():
            if name in rule.names and not effect(rule.action, rule.errno).passes:
                version = ".".join(map(str, since))
                yield Hit(
                    tr(
                        "{call} (number {number}) is executed nevertheless: kernel {version} and newer never filter it",
                        call=name,
                        number=number,
                        version=version,
                    ),
                    subject.at_name(rule, rule.names.index(name)),
                )


def clone3_eperm(subject: Subject) -> Iterator[Hit]:
    for view in subject.effective:
        decision = view.calls.get("clone3")
        ruled = decision.always if decision and decision.always else view.default
        if ruled.action is Action.ERRNO and ruled.errno == EPERM and view.allowed("clone"):
            source = decision.always_source if decision else None
            at = subject.place(source, "clone3") if source else subject.at("defaultAction")
            yield Hit(tr("clone3 fails with EPERM, so that glibc does not fall back to clone"), at)
            return


def old_clone_mask(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        for index, arg in enumerate(rule.args):
            if "clone" in rule.names and arg.op is Operator.MASKED_EQ and arg.value == OLD_CLONE_MASK:
                path = f"{rule.at.path}.args[{index}].value"
                fix = replace_value(subject.document, path, CLONE_MASK)
                yield Hit(
                    tr("the mask {mask} lacks CLONE_NEWCGROUP", mask=OLD_CLONE_MASK), subject.at(path), fix
                )


def ptrace_old_kernel(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        condition = rule.includes
        guarded = "CAP_SYS_PTRACE" in condition.caps or (condition.min_kernel or (0, 0)) >= (4, 8)
        if (
            "ptrace" in rule.names
            and rule.action is Action.ALLOW
            and not guarded
            and not subject.is_deny_list
        ):
            yield Hit(
                tr("ptrace is allowed on kernels before 4.8 too"),
                subject.at_name(rule, rule.names.index("ptrace")),
            )


def kill_is_one_thread(subject: Subject) -> Iterator[Hit]:
    message = tr("SCMP_ACT_KILL ends the thread, not the process")
    if subject.profile.default_action is Action.KILL:
        yield Hit(message, subject.at("defaultAction"))
    for rule in subject.profile.rules:
        if rule.action is Action.KILL:
            yield Hit(message, subject.at(f"{rule.at.path}.action"))


def dropped_field(subject: Subject) -> Iterator[Hit]:
    engine, profile = subject.target.engine, subject.profile
    if engine is None:
        return
    if not knows(engine, FULL_FIELDS_SINCE):
        given = {
            "defaultErrnoRet": profile.default_errno not in {None, EPERM},
            "flags": bool(profile.flags),
            "listenerPath": bool(profile.listener_path),
            "listenerMetadata": bool(profile.listener_metadata),
        }
        for key in (key for key, is_given in given.items() if is_given):
            yield Hit(tr("engine {engine} drops {key}", engine=engine, key=key), subject.at(key))
    if not knows(engine, CONDITIONS_SINCE) and profile.arch_map:
        yield Hit(tr("engine {engine} drops {key}", engine=engine, key="archMap"), subject.at("archMap"))
    for rule in profile.rules:
        yield from _dropped_of(subject, engine, rule)


def _dropped_of(subject: Subject, engine: Version, rule: Rule) -> Iterator[Hit]:
    path = rule.at.path
    if not knows(engine, ERRNO_SINCE) and rule.errno not in {None, EPERM}:
        message = tr("engine {engine} drops errnoRet: the call gets EPERM", engine=engine)
        yield Hit(message, subject.at(f"{path}.errnoRet"))
    for key, condition in (("includes", rule.includes), ("excludes", rule.excludes)):
        if not knows(engine, CONDITIONS_SINCE) and condition != Selector():
            message = tr("engine {engine} drops {key}: the rule always applies", engine=engine, key=key)
            yield Hit(message, subject.at(f"{path}.{key}"))
        elif not knows(engine, MIN_KERNEL_SINCE) and condition.min_kernel:
            message = tr("engine {engine} drops {key}", engine=engine, key="minKernel")
            yield Hit(message, subject.at(f"{path}.{key}.minKernel"))


def empty_min_kernel(subject: Subject) -> Iterator[Hit]:
    for _, path, condition in selectors(subject):
        if condition.min_kernel == (0, 0):
            message = (
                tr("an empty minKernel is met by every kernel: the rule is always skipped")
                if path.endswith("excludes")
                else tr("an empty minKernel is met by every kernel: the rule is not restricted by it")
            )
            yield Hit(message, subject.at(f"{path}.minKernel"))


RULES = (
    LintRule(
        "incomplete-architectures",
        Severity.MEDIUM,
        incomplete_architectures,
        "A filter covers the machine's native calls and the architectures that it lists. A program that makes calls "
        "of another one, such as a 32-bit program on x86-64, is killed with SIGSYS (status 159) whatever the "
        "profile says of the call. That is no way around the filter, but it surprises; list the "
        "sub-architectures in archMap, or mean it. Where the profile lists no architecture at all, this is but an "
        "info.",
    ),
    LintRule(
        "clone3-eperm",
        Severity.MEDIUM,
        clone3_eperm,
        "glibc 2.34 and newer start threads with clone3 and fall back to clone only if that fails with ENOSYS. With "
        "EPERM, programs fail with 'cannot create thread'. Deny clone3 with errno 38 (ENOSYS), as the default "
        "profile does, or allow it.",
    ),
    LintRule(
        "old-clone-mask",
        Severity.MEDIUM,
        old_clone_mask,
        "2080505856 is the mask of CLONE_NEW… flags from before cgroup namespaces. It lets CLONE_NEWCGROUP "
        "(0x02000000) through; today's mask is 2114060288.",
    ),
    LintRule(
        "ptrace-old-kernel",
        Severity.MEDIUM,
        ptrace_old_kernel,
        "Before kernel 4.8 a tracer could change a call after the filter had passed it, so that allowing ptrace "
        "meant allowing everything. Add includes: {minKernel: 4.8} to the rule, as the default profile does.",
    ),
    LintRule(
        "kill-is-one-thread",
        Severity.MEDIUM,
        kill_is_one_thread,
        "SCMP_ACT_KILL is SCMP_ACT_KILL_THREAD: only the thread that made the call ends, with all its locks held, "
        "and the rest of the program may wait for it for ever. Say SCMP_ACT_KILL_PROCESS to end the program.",
    ),
    LintRule(
        "dropped-field",
        Severity.MEDIUM,
        dropped_field,
        "Engines before 23 do not hand defaultErrnoRet, flags, listenerPath and listenerMetadata to the runtime, those "
        "before 20.10.10 no errnoRet, those before 19.03 know no minKernel, and those before 1.13 no includes, "
        "excludes and archMap, all without a word. Denials then return EPERM, flags have no effect, and a rule applies "
        "where it should not.",
    ),
    LintRule(
        "never-filtered",
        Severity.MEDIUM,
        never_filtered,
        "Some calls that the kernel plants itself into programs for its probes are executed without asking any filter: "
        "uretprobe on x86-64 from kernel 6.14 on, and uprobe from 6.18 on. A rule that denies them has no effect; made "
        "from anywhere but a probe they end in an error or a signal.",
    ),
    LintRule(
        "unknown-capability",
        Severity.MEDIUM,
        unknown_capability,
        "Conditions on capabilities are compared letter by letter with the names of the container's bounding set, "
        "such as CAP_SYS_ADMIN. SYS_ADMIN or cap_sys_admin never match: an includes with it is never met, an "
        "excludes with it never applies.",
    ),
    LintRule(
        "unknown-condition-arch",
        Severity.MEDIUM,
        unknown_condition_arch,
        "Conditions on architectures use names like Go's: amd64, arm64, x86, ppc64le, s390x. uname's x86_64 and "
        "aarch64, and libseccomp's names, never match. The entries of archMap are the other way round: they use "
        "libseccomp's names, such as SCMP_ARCH_X86_64, and an entry with another one is never used.",
    ),
    LintRule(
        "empty-min-kernel",
        Severity.MEDIUM,
        empty_min_kernel,
        "An empty minKernel is version 0.0, and every kernel is newer. Within includes it has no effect; within "
        "excludes it takes the rule away on all machines.",
    ),
)
