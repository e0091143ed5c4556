"""systemd's `SystemCallFilter=`: names with an errno each, and no conditions."""

from collections.abc import Iterable
from errno import EPERM

from runner.profile.calls.constants import errno_name
from runner.profile.calls.syscalls import arch
from runner.profile.exporters.exported import Exported
from runner.profile.importers.systemd import IMPLICIT, NAMES
from runner.profile.model import Action, OciRule, OciSeccomp

_WIDTH = 100
_PERMITS = (Action.ALLOW, Action.LOG)


def export_systemd(oci: OciSeccomp) -> Exported:
    """The settings of a unit's `[Service]` section; where a rule cannot be carried, the stricter reading is."""
    lost: list[str] = []
    permissive = oci.default_action in _PERMITS
    unconditional: dict[str, OciRule] = {}
    conditional: dict[str, int] = {}
    for index, rule in enumerate(oci.rules):
        for name in rule.names:
            if rule.args:
                conditional.setdefault(name, index)
            else:
                unconditional.setdefault(name, rule)
    lines = ["[Service]"]
    if oci.architectures:
        names = (NAMES[arch(scmp).token] for scmp in oci.architectures)
        lines.append(f"SystemCallArchitectures={' '.join(dict.fromkeys(('native', *names)))}")
    lines += _default(oci, lost)
    for name, index in conditional.items():
        if name not in unconditional:
            lost.append(f"the conditions of syscalls[{index}] on {name}: denied whatever its arguments")
    if permissive:
        denied = [(name, rule) for name, rule in unconditional.items() if rule.action not in _PERMITS]
        denied += [
            (name, oci.rules[index])
            for name, index in conditional.items()
            if name not in unconditional and oci.rules[index].action not in _PERMITS
        ]
        lines += _denials(denied, oci, lost)
    else:
        allowed = sorted(name for name, rule in unconditional.items() if rule.action in _PERMITS)
        lines += _wrapped("SystemCallFilter=", allowed or list(IMPLICIT))
        others = [(name, rule) for name, rule in unconditional.items() if rule.action not in _PERMITS]
        lines += _denials(others, oci, lost)
        implicit = [name for name in IMPLICIT if name not in allowed]
        if implicit:
            lost.append(f"the denial of {', '.join(implicit)}: systemd always allows these")
    if oci.flags or oci.listener_path:
        lost.append("the flags and the listener")
    return Exported("\n".join(lines) + "\n", tuple(lost))


def _default(oci: OciSeccomp, lost: list[str]) -> list[str]:
    """The setting that says what a denied call gets."""
    if oci.default_action is Action.ERRNO:
        return [f"SystemCallErrorNumber={errno_name(_number(oci.default_errno))}"]
    if oci.default_action is Action.LOG:
        lost.append("the default action SCMP_ACT_LOG: calls are allowed, and not logged")
    elif oci.default_action not in (Action.ALLOW, Action.KILL_PROCESS):
        lost.append(f"the default action {oci.default_action.value}: systemd kills the process")
    return []


def _denials(calls: Iterable[tuple[str, OciRule]], oci: OciSeccomp, lost: list[str]) -> list[str]:
    """Deny-list lines; systemd gives each call an errno of its own, or `kill`."""
    words = []
    for name, rule in calls:
        if rule.action is Action.ERRNO:
            words.append(f"{name}:{errno_name(_number(rule.errno))}")
            continue
        if rule.action is not Action.KILL_PROCESS:
            lost.append(f"the action {rule.action.value} on {name}: systemd kills the process")
        words.append(f"{name}:kill")
    return _wrapped("SystemCallFilter=~", sorted(words)) if words or oci.default_action in _PERMITS else []


def _number(errno: int | None) -> int:
    return EPERM if errno is None else errno


def _wrapped(prefix: str, words: list[str]) -> list[str]:
    lines, line = [], prefix
    for word in words:
        if len(line) + len(word) > _WIDTH and line != prefix:
            lines.append(line)
            line = prefix
        line += word if line == prefix else f" {word}"
    return [*lines, line]
