"""Kubernetes's words for a profile: the field `seccompProfile`, and the annotations that came before it."""

from runner.profile.holders.tree import Tree
from runner.suggest import nearest

ANNOTATIONS_END = "1.27"
"""The first version of Kubernetes that ignores the annotations."""
_POD = "seccomp.security.alpha.kubernetes.io/pod"
_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_TYPES = ("RuntimeDefault", "Unconfined", "Localhost")
_PATTERN = frozenset("|*?{$")
"""Characters of a policy's pattern, or of a placeholder, in place of a type."""


def annotated(key: str) -> str | None:
    """The container that an annotation gives a profile, "" for all of the pod; None for another key."""
    if key == _POD:
        return ""
    return key.removeprefix(_CONTAINER) if key.startswith(_CONTAINER) else None


def field_fault(field: Tree, where: str) -> tuple[str, str] | None:
    """The reason why Kubernetes refuses a `seccompProfile`, and the remedy; None for a good one."""
    if "securityContext" not in where or not isinstance(field.value, dict):
        return None
    kind, file = field.text("type"), field.text("localhostProfile")
    if _PATTERN.intersection(kind) or (not kind and field.get("type") is not None):
        return None
    if not kind:
        return (
            (f"{where} has no type: Kubernetes refuses it", f"write one of {', '.join(_TYPES)}")
            if file
            else None
        )
    if kind not in _TYPES:
        near = nearest(kind, _TYPES)
        meant = f" (did you mean {near}?)" if near else ""
        return f"{where}: Kubernetes knows no type {kind[:40]!r}{meant}", f"write one of {', '.join(_TYPES)}"
    if kind == "Localhost" and not file:
        return (
            f"{where} has the type Localhost and names no file: Kubernetes refuses it",
            "add localhostProfile, or write `type: RuntimeDefault`",
        )
    if kind != "Localhost" and file:
        return (
            f"{where} names a file beside the type {kind}: Kubernetes refuses it",
            "write `type: Localhost`, or take localhostProfile out",
        )
    return None
