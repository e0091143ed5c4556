"""The kernel's log records of a filter's decisions: whether they are written, and where to read them."""

from collections.abc import Collection

FLAG_LOG = "SECCOMP_FILTER_FLAG_LOG"
_KERNEL_NAMES = {"notify": "user_notif"}
"""Actions that `kernel.seccomp.actions_logged` calls otherwise than a profile does."""
_KILLS = ("kill_thread", "kill_process")
_WHERE = (
    "It is read with `dmesg`, with `journalctl -k`, and where auditd runs in /var/log/audit/audit.log "
    "(`ausearch -m SECCOMP`), on the host, not in the container."
)
_LIMIT = (
    "Without auditd the kernel's log takes few records at a time and drops the rest; 200 calls have given 10."
)


def log_lines(
    action: str,
    flags: Collection[str],
    logged: frozenset[str] | None,
    *,
    engine_drops_flags: bool = False,
    recorded: bool = False,
) -> tuple[str, ...]:
    """Sentences on the record of a decision with this action.

    `logged` are the actions that `kernel.seccomp.actions_logged` lists on this machine, None if unknown. `recorded` is
    true if the user has such a record already.
    """
    if action in ("allow", ""):
        return ()
    asks = FLAG_LOG in flags and not engine_drops_flags
    if action not in (*_KILLS, "log") and not asks:
        dropped = " (this engine does not hand it on)" if engine_drops_flags and FLAG_LOG in flags else ""
        if recorded:
            return (
                f"The evidence has the kernel's record of it, which this profile's `flags` do not ask for{dropped}: "
                f"the filter in force had {FLAG_LOG}, or a kernel before 4.18 audits the process.",
            )
        return (
            f"The kernel writes no record of it: it does so for LOG and KILL alone, unless the profile's `flags` have "
            f"{FLAG_LOG}{dropped}.",
        )
    name = _KERNEL_NAMES.get(action, action)
    if logged is None:
        setting = "if kernel.seccomp.actions_logged lists"
        return (f"The kernel writes a record (type=1326) of it, {setting} {name}. {_WHERE}", _LIMIT)
    if name not in logged:
        listed = " ".join(sorted(logged)) or "nothing"
        if recorded:
            return (
                f"The evidence has the kernel's record of it. On this machine there would be none: "
                f"kernel.seccomp.actions_logged lists {listed}, not {name}.",
            )
        return (
            f"The kernel writes no record of it on this machine: kernel.seccomp.actions_logged lists {listed}, "
            f"not {name}; `sysctl -w kernel.seccomp.actions_logged='{listed} {name}'` changes that.",
        )
    return (
        f"The kernel writes a record (type=1326) of it: kernel.seccomp.actions_logged lists {name} on this "
        f"machine. {_WHERE}",
        _LIMIT,
    )
