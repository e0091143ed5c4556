"""Profiles as manifests of the Security Profiles Operator hold them."""

from runner.profile.docker_conditions import CONTAINERD
from runner.profile.holders.found import Held
from runner.profile.holders.part import part
from runner.profile.holders.tree import Tree

_OPERATOR_ONLY = frozenset(("baseProfileName", "disabled", "targetWorkload"))


def operator_profile(spec: Tree, where: str, name: str) -> Held:
    """A profile of the Security Profiles Operator, which writes `errnoRet` as a string."""
    members = spec.value if isinstance(spec.value, dict) else {}
    base = spec.text("baseProfileName")
    known = {key: value for key, value in members.items() if key not in _OPERATOR_ONLY}
    rules = known.get("syscalls")
    if rules is not None and isinstance(rules.value, tuple):
        known["syscalls"] = Tree(tuple(map(_with_errno, rules.value)), rules.line, rules.column)
    lost = [f"the rules of its base profile {base[:80]!r} are not in the file"] if base else []
    lost += [
        f"the manifest's {key!r} is not part of a profile"
        for key in ("disabled", "targetWorkload")
        if key in members
    ]
    return Held(
        name,
        where,
        part=part(Tree(known, spec.line, spec.column, keys=spec.keys)),
        form="operator",
        reader=CONTAINERD,
        lost=tuple(lost),
        base=base[:80],
    )


def _with_errno(rule: Tree) -> Tree:
    errno = rule.get("errnoRet")
    if errno is None or not isinstance(errno.value, str) or not errno.value.isdecimal():
        return Tree(rule.value, rule.line, rule.column, keys=rule.keys)
    members = dict(rule.value) if isinstance(rule.value, dict) else {}
    members["errnoRet"] = Tree(int(errno.value[:20]), errno.line, errno.column)
    return Tree(members, rule.line, rule.column, keys=rule.keys)
