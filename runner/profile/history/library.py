"""The calls that the first libseccomp in containers did not know: the runtime leaves their names out of its rules.

The lists are of the releases' tables. Distributions add calls to an older release: Debian's 2.5.4 knows fchmodat2.
"""

from dataclasses import replace

from runner.profile.model import OciRule, OciSeccomp
from runner.profile.version import Version

_ADDED = """
2.3.0: copy_file_range membarrier mlock2 s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr
    swapcontext userfaultfd
2.3.2: pkey_alloc pkey_free pkey_mprotect preadv2 pwritev2
2.3.3: get_tls s390_guarded_storage s390_sthyi statx
2.4.0: io_pgetevents rseq
2.4.2: clock_adjtime64 clock_getres_time64 clock_gettime64 clock_nanosleep_time64 clock_settime64 clone3
    fsconfig fsmount fsopen fspick futex_time64 io_pgetevents_time64 io_uring_enter io_uring_register
    io_uring_setup move_mount mq_timedreceive_time64 mq_timedsend_time64 open_tree pidfd_open
    pidfd_send_signal ppoll_time64 pselect6_time64 recvmmsg_time64 rt_sigtimedwait_time64
    sched_rr_get_interval_time64 semtimedop_time64 timer_gettime64 timer_settime64 timerfd_gettime64
    timerfd_settime64 utimensat_time64
2.4.4: faccessat2 openat2 pidfd_getfd
2.5.0: riscv_flush_icache
2.5.2: close_range epoll_pwait2 landlock_add_rule landlock_create_ruleset landlock_restrict_self
    memfd_secret mount_setattr process_madvise quotactl_fd
2.5.3: process_mrelease
2.5.4: futex_waitv set_mempolicy_home_node
2.5.5: cachestat fchmodat2 futex_requeue futex_wait futex_wake map_shadow_stack
2.5.6: getxattrat listmount listxattrat lsm_get_self_attr lsm_list_modules lsm_set_self_attr mseal
    removexattrat riscv_hwprobe setxattrat statmount uretprobe
2.6.1: file_getattr file_setattr listns open_tree_attr rseq_slice_yield uprobe
"""
"""A release, and the calls that it was the first to know."""
_SINCE = {
    name: Version.of(version)
    for version, names in (line.split(": ") for line in _ADDED.replace("\n    ", " ").strip().splitlines())
    for name in names.split()
}


def known_since(name: str) -> Version | None:
    """The first libseccomp that knows a call; None for one that all know that containers were run with."""
    return _SINCE.get(name)


def is_known(name: str, library: Version | None) -> bool:
    """True if a libseccomp (None: a current one) knows a call."""
    since = _SINCE.get(name)
    return library is None or since is None or library.reaches(since)


def known_to(oci: OciSeccomp, library: Version | None) -> tuple[OciSeccomp, dict[str, int]]:
    """The object without the names that a libseccomp does not know, and those names with their first rules' indexes."""
    lost: dict[str, int] = {}
    rules: list[OciRule] = []
    for index, rule in enumerate(oci.rules):
        names = tuple(name for name in rule.names if is_known(name, library))
        for name in rule.names:
            if name not in names:
                lost.setdefault(name, index)
        rules.append(rule if len(names) == len(rule.names) else replace(rule, names=names))
    return (replace(oci, rules=tuple(rules)), lost) if lost else (oci, lost)
