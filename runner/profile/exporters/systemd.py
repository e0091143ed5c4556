"""systemd's `SystemCallFilter=`: names with an errno each, and no conditions."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from errno import EPERM

from runner.profile.calls.constants import errno_name
from runner.profile.calls.syscalls import arch
from runner.profile.exporters.exported import Exported
from runner.profile.filter.effective import Ruling, effective
from runner.profile.importers.imported import NAME
from runner.profile.importers.systemd import IMPLICIT, NAMES
from runner.profile.model import Action, OciRule, OciSeccomp

_WIDTH = 100
_MAX_ERRNO = 4095
_PERMITS = (Action.ALLOW, Action.LOG)


def export_systemd(oci: OciSeccomp) -> Exported:
    """The settings of a unit's `[Service]` section; a rule that they cannot express becomes stricter."""
    lost: list[str] = []
    oci = _readable(oci, lost)
    rulings = effective(oci).calls
    unconditional = {name: ruling.always_source for name, ruling in rulings.items() if ruling.always_source}
    names = (NAMES[arch(scmp).token] for scmp in oci.architectures)
    # Without the setting, systemd filters the calls of all architectures that the machine runs, and kills none of them.
    lines = ["[Service]", f"SystemCallArchitectures={' '.join(dict.fromkeys(('native', *names)))}"]
    lines += _default(oci, lost)
    conditional = _conditional(oci, rulings, lost)
    others = [(name, rule) for name, rule in unconditional.items() if rule.action not in _PERMITS]
    if oci.default_action in _PERMITS:
        lines += _denials((*others, *conditional.items()), oci, lost)
    else:
        allowed = sorted(name for name, rule in unconditional.items() if rule.action in _PERMITS)
        lines += _wrapped("SystemCallFilter=", allowed or list(IMPLICIT))
        lines += _denials(others, oci, lost)
        implicit = [name for name in IMPLICIT if name not in allowed]
        if implicit:
            lost.append(f"the denial of {', '.join(implicit)}: systemd always allows these")
    lost += _dropped(oci, unconditional)
    return Exported("\n".join(lines) + "\n", tuple(lost))


def _conditional(oci: OciSeccomp, rulings: Mapping[str, Ruling], lost: list[str]) -> dict[str, OciRule]:
    """The denials that have conditions, by call; their conditions, and those of what is allowed, are lost."""
    denials: dict[str, OciRule] = {}
    places: dict[str, list[str]] = {}
    permissive = oci.default_action in _PERMITS
    for name, ruling in rulings.items():
        sources = {id(case.source): case.source for case in ruling.conditional}
        for index, rule in enumerate(oci.rules):
            if id(rule) not in sources or (permissive and rule.action in _PERMITS):
                continue
            places.setdefault(name, []).append(f"syscalls[{index}]")
            if rule.action not in _PERMITS:
                denials.setdefault(name, rule)
    lost += [
        f"the conditions of {' and '.join(where)} on {name}: denied whatever its arguments"
        for name, where in places.items()
    ]
    return denials


def _dropped(oci: OciSeccomp, unconditional: dict[str, OciRule]) -> Iterable[str]:
    logged = sorted(name for name, rule in unconditional.items() if rule.action is Action.LOG)
    if logged:
        yield f"the record of {', '.join(logged)}: allowed, and not logged"
    if oci.flags:
        yield f"the flags: {', '.join(oci.flags)}"
    if oci.listener_path or oci.listener_metadata:
        yield "the listener"


def _default(oci: OciSeccomp, lost: list[str]) -> list[str]:
    """The setting for the result of denied calls."""
    if oci.default_action is Action.ERRNO:
        return [f"SystemCallErrorNumber={errno_name(_number(oci.default_errno))}"]
    if oci.default_action is Action.LOG:
        lost.append("the default action SCMP_ACT_LOG: calls are allowed, and not logged")
    elif oci.default_action not in (Action.ALLOW, Action.KILL_PROCESS):
        lost.append(f"the default action {oci.default_action.value}: systemd kills the process")
    return []


def _denials(calls: Iterable[tuple[str, OciRule]], oci: OciSeccomp, lost: list[str]) -> list[str]:
    """Deny-list lines; systemd gives each call its own errno, or `kill`."""
    words = []
    for name, rule in calls:
        if rule.action is Action.ERRNO:
            words.append(f"{name}:{errno_name(_number(rule.errno))}")
            continue
        if rule.action is not Action.KILL_PROCESS:
            lost.append(f"the action {rule.action.value} on {name}: systemd kills the process")
        words.append(f"{name}:kill")
    return _wrapped("SystemCallFilter=~", sorted(words)) if words or oci.default_action in _PERMITS else []


def _readable(oci: OciSeccomp, lost: list[str]) -> OciSeccomp:
    """The object without invalid names and errnos, which would make systemd ignore a whole line."""
    rules = []
    for index, rule in enumerate(oci.rules):
        wrong = [name for name in rule.names if not NAME.match(name)]
        if wrong:
            lost.append(
                f"names of syscalls[{index}] that no system call can have: {', '.join(map(repr, wrong))}"
            )
        names = tuple(name for name in rule.names if name not in wrong)
        errno = _errno(rule.errno, f"syscalls[{index}]", lost) if rule.action is Action.ERRNO else rule.errno
        rules.append(replace(rule, names=names, errno=errno))
    default = oci.default_errno
    if oci.default_action is Action.ERRNO:
        default = _errno(default, "the default", lost)
        if default == 0:
            lost.append("the errno 0 of the default, a pretended success: calls fail with EPERM")
            default = EPERM
    return replace(oci, rules=tuple(rules), default_errno=default)


def _errno(errno: int | None, place: str, lost: list[str]) -> int | None:
    if errno is None or errno <= _MAX_ERRNO:
        return errno
    # runc keeps 16 bits of it, and the kernel returns at most the highest errno.
    kept = min(errno & 0xFFFF, _MAX_ERRNO)
    lost.append(f"the errno {errno} of {place}: {kept}, which is what programs get from it")
    return kept


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
