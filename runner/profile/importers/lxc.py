"""LXC's seccomp policies: version 1 lists numbers, version 2 names with actions, conditions and architectures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from errno import EACCES

from runner.profile.calls.syscalls import arch, of_number
from runner.profile.evidence.model import Unused
from runner.profile.importers.imported import NAME, Imported, check_used, fault, profile, rule, unknown_names
from runner.profile.model import Action, Arg, Operator, Rule, Selector

_ALLOW = ("allowlist", "whitelist")
_DENY = ("denylist", "blacklist")
_ACTIONS = {
    "kill": Action.KILL,
    "errno": Action.ERRNO,
    "allow": Action.ALLOW,
    "trap": Action.TRAP,
    "notify": Action.NOTIFY,
}
_SIGNS = {
    "!=": Operator.NE,
    "<": Operator.LT,
    "<=": Operator.LE,
    "==": Operator.EQ,
    ">=": Operator.GE,
    ">": Operator.GT,
    "&=": Operator.MASKED_EQ,
}
_OPERATORS = {operator.value: operator for operator in Operator} | _SIGNS
_SECTIONS = {
    "x86_64": "amd64",
    "arm": "arm",
    "arm64": "arm64",
    "ppc": "ppc",
    "ppc64": "ppc64",
    "ppc64le": "ppc64le",
    "mips": "mips",
    "mips64": "mips64",
    "mips64n32": "mips64n32",
    "mipsel": "mipsel",
    "mipsel64": "mipsel64",
    "mipsel64n32": "mips3l64n32",
    "s390": "s390",
    "s390x": "s390x",
}
_FOREIGN_SECTIONS = {"x86": "32-bit", "i386": "32-bit", "x32": "x32"}
_RULE = re.compile(r"(\S+)((?:\s+[a-z]+(?:\s+-?\d+)?)?)\s*((?:\[[^\]]*\]\s*)*)\Z")
_FORCE_UMOUNT = Arg(1, 1, Operator.MASKED_EQ, 1)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def import_lxc(text: str) -> Imported:
    """Import a policy that `lxc.seccomp.profile` points to."""
    lines = [_Line(number, content.strip()) for number, content in enumerate(text.splitlines(), 1)]
    version, style = (*lines, _Line(1, ""), _Line(2, ""))[:2]
    if version.text == "1":
        return _version_1(style, lines[2:])
    if version.text == "2":
        return _version_2(style, lines[2:])
    raise fault(
        1,
        f"{version.text[:40]!r} is not a version of an LXC policy",
        remedy="begin the file with a line that says 1 or 2",
    )


def _version_1(style: _Line, lines: Sequence[_Line]) -> Imported:
    if style.text.split()[:1] not in ([word] for word in _ALLOW):
        raise fault(style.number, "version 1 knows one style of policy only: `allowlist`")
    names: dict[str, int] = {}
    wrong: list[Unused] = []
    for line in lines:
        if not line.text:
            continue
        if not re.match(r"\d{1,9}\Z", line.text):
            wrong.append(Unused(line.number, "no number of a system call", line.text[:40]))
            continue
        call = of_number(int(line.text), arch("amd64"))
        if NAME.match(call.name):
            names.setdefault(call.name, line.number)
        else:
            wrong.append(Unused(line.number, "x86-64 has no system call with this number", line.text))
    check_used(len(names), len(wrong), tuple(wrong))
    allowed = [rule(names, Action.ALLOW, line=3)] if names else []
    notes = ("numbers were read as x86-64's",)
    return Imported(profile(Action.KILL, allowed), notes, unused=tuple(wrong), unused_lines=len(wrong))


def _version_2(style: _Line, lines: Sequence[_Line]) -> Imported:
    word, _, given = style.text.partition(" ")
    if word not in _ALLOW + _DENY:
        raise fault(style.number, f"{word[:40]!r} is not a style of policy: write `allowlist` or `denylist`")
    denies = word in _DENY
    default, errno = _action(given, style.number) or (Action.ALLOW if denies else Action.KILL, None)
    rules: list[Rule] = []
    notes: list[str] = []
    wrong: list[Unused] = []
    section = Selector()
    foreign = ""
    for line in lines:
        content = line.text.partition("#")[0].strip()
        if not content:
            continue
        if content.startswith("["):
            section, foreign = _section(content, line.number)
            if foreign:
                notes.append(
                    f"line {line.number}: left out the rules of {content}: Docker has no rules for {foreign} "
                    "programs alone"
                )
        elif not NAME.match(content.split()[0]):
            wrong.append(Unused(line.number, "no name of a system call", content[:40]))
        elif not foreign:
            rules.append(_rule(content, line.number, section, denies=denies))
    check_used(len(rules), len(wrong), tuple(wrong))
    notes += unknown_names({name: each.at.line for each in rules for name in each.names})
    return Imported(
        profile(default, rules, errno=errno), tuple(notes), unused=tuple(wrong), unused_lines=len(wrong)
    )


def _section(content: str, line: int) -> tuple[Selector, str]:
    name = content.strip("[]").lower()
    if name == "all":
        return Selector(), ""
    if name in _FOREIGN_SECTIONS:
        return Selector(), _FOREIGN_SECTIONS[name]
    if name not in _SECTIONS:
        raise fault(line, f"unknown architecture {content[:40]}")
    return Selector(arches=(_SECTIONS[name],)), ""


def _rule(content: str, line: int, section: Selector, *, denies: bool) -> Rule:
    if content == "reject_force_umount":
        return rule(
            ["umount2"], Action.ERRNO, line=line, errno=EACCES, args=(_FORCE_UMOUNT,), includes=section
        )
    match = _RULE.match(content)
    if not match:
        raise fault(
            line, f"{content[:60]!r} is not a rule", remedy="write NAME [ACTION] [[INDEX,VALUE,OPERATOR]…]"
        )
    name, action_text, conditions = match.groups()
    action, errno = _action(action_text, line) or (Action.KILL if denies else Action.ALLOW, None)
    args = tuple(_condition(text, line) for text in re.findall(r"\[([^\]]*)\]", conditions))
    return rule([name], action, line=line, errno=errno, args=args, includes=section)


def _action(text: str, line: int) -> tuple[Action, int | None] | None:
    words = text.partition("#")[0].split()
    if not words:
        return None
    action = _ACTIONS.get(words[0])
    if action is None:
        raise fault(line, f"unknown action {words[0][:40]!r}", remedy=f"write one of {', '.join(_ACTIONS)}")
    if action is not Action.ERRNO:
        return action, None
    if len(words) != 2 or not re.match(r"\d{1,4}\Z", words[1]) or int(words[1]) > 4095:
        raise fault(line, "errno needs a number from 0 to 4095", remedy="write `errno 1` for EPERM")
    return action, int(words[1])


def _condition(text: str, line: int) -> Arg:
    fields = [field.strip() for field in text.split(",")]
    operator = _OPERATORS.get(fields[2]) if len(fields) in (3, 4) else None
    if operator is None:
        raise fault(
            line, f"[{text[:60]}] is not a condition", remedy="write [INDEX,VALUE,OPERATOR] or add ,MASK"
        )
    index, value, mask = (_number(field, line) for field in (fields[0], fields[1], (*fields, "0")[3]))
    if index > 5:
        raise fault(line, f"a system call has no argument {index}: the last is 5")
    if operator is Operator.MASKED_EQ:
        return Arg(index, mask, operator, value)
    return Arg(index, value, operator)


def _number(text: str, line: int) -> int:
    if not re.match(r"(0[xX][0-9a-fA-F]{1,16}|\d{1,20})\Z", text):
        raise fault(line, f"{text[:40]!r} is not a number")
    hexadecimal = text[:2].lower() == "0x"
    value = int(text, 16 if hexadecimal else 8 if re.match(r"0[0-7]+\Z", text) else 10)
    if value >= 2**64:
        raise fault(line, f"{text} does not fit into 64 bits")
    return value
