"""The return values of a filter: a profile's actions as numbers, and back."""

import errno

from runner.profile.filter.effective import effect
from runner.profile.model import Action

RET_KILL_PROCESS = 0x80000000
RET_KILL_THREAD = 0x00000000
RET_TRAP = 0x00030000
RET_ERRNO = 0x00050000
RET_NOTIFY = 0x7FC00000
RET_TRACE = 0x7FF00000
RET_LOG = 0x7FFC0000
RET_ALLOW = 0x7FFF0000

_RETURNS = {
    Action.ALLOW: RET_ALLOW,
    Action.ERRNO: RET_ERRNO,
    Action.KILL_THREAD: RET_KILL_THREAD,
    Action.KILL_PROCESS: RET_KILL_PROCESS,
    Action.LOG: RET_LOG,
    Action.NOTIFY: RET_NOTIFY,
    Action.TRACE: RET_TRACE,
    Action.TRAP: RET_TRAP,
}
_NAMES = {
    RET_KILL_PROCESS: "kill_process",
    RET_KILL_THREAD: "kill_thread",
    RET_TRAP: "trap",
    RET_ERRNO: "errno",
    RET_NOTIFY: "notify",
    RET_TRACE: "trace",
    RET_LOG: "log",
    RET_ALLOW: "allow",
}
_ACTION_BITS = 0xFFFF0000
_DATA_BITS = 0xFFFF
_MAX_ERRNO = 4095


def return_value(action: Action, number: int | None) -> int:
    """The filter's return value for a rule's action and errno (EPERM if None)."""
    normal = effect(action, number)
    return _RETURNS[normal.action] | (normal.errno or 0)


def describe_return(value: int) -> tuple[str, int | None]:
    """The kernel's action for a filter's return value, and the errno that the program gets, if any."""
    action = _NAMES.get(value & _ACTION_BITS, "kill_process")
    if action == "errno":
        return action, min(value & _DATA_BITS, _MAX_ERRNO)
    if action == "trace":
        # A container has no tracer that asked for seccomp's events.
        return action, errno.ENOSYS
    return action, None
