"""Kubernetes's words for a profile: the field `seccompProfile`, and the annotations that came before it."""

from runner.profile.holders.tree import Tree
from runner.suggest import nearest

ANNOTATIONS_END = "1.27"
"""The first version of Kubernetes that ignores the annotations."""
_POD = "seccomp.security.alpha.kubernetes.io/pod"
_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_TYPES = ("RuntimeDefault", "Unconfined", "Localhost")
_PATTERN = frozenset("|*?{$(")
"""Characters of a policy's pattern, or of a placeholder, in place of a type."""
NODE_FOLDER = "/var/lib/kubelet/seccomp"
"""The folder of a node's profiles."""


def annotated(key: str) -> str | None:
    """The container that an annotation gives a profile, "" for all of the pod; None for another key."""
    if key == _POD:
        return ""
    return key.removeprefix(_CONTAINER) if key.startswith(_CONTAINER) else None


def field_fault(field: Tree, where: str) -> tuple[str, str] | None:
    """The reason why Kubernetes refuses a `seccompProfile`, and the remedy; None for a good one.

    A schema's property and a policy's condition of that name are none.
    """
    if not where.endswith("securityContext.seccompProfile") or not isinstance(field.value, dict):
        return None
    kind, file = field.text("type"), field.text("localhostProfile")
    if not kind:
        return _typeless(field, where)
    if _PATTERN.intersection(kind):
        return None
    if kind not in _TYPES:
        near = nearest(kind, _TYPES)
        meant = f" (did you mean {near}?)" if near else ""
        return f"{where}: Kubernetes knows no type {kind[:40]!r}{meant}", f"write one of {', '.join(_TYPES)}"
    if kind == "Localhost":
        return _file_fault(file, where)
    if file:
        return (
            f"{where} names a file beside the type {kind}: Kubernetes refuses it",
            "write `type: Localhost`, or take localhostProfile out",
        )
    return None


def _typeless(field: Tree, where: str) -> tuple[str, str] | None:
    kind = field.get("type")
    members = field.value if isinstance(field.value, dict) else {}
    if (kind is not None and kind.value not in (None, "")) or any(map(_PATTERN.intersection, members)):
        return None
    return f"{where} has no type: Kubernetes refuses it", f"write one of {', '.join(_TYPES)}"


def _file_fault(file: str, where: str) -> tuple[str, str] | None:
    if not file:
        return (
            f"{where} has the type Localhost and names no file: Kubernetes refuses it",
            "add localhostProfile, or write `type: RuntimeDefault`",
        )
    said = (
        "an absolute path" if file.startswith("/") else "a path with `..`" if ".." in file.split("/") else ""
    )
    if not said or _PATTERN.intersection(file):
        return None
    return (
        f"{where} names {file[:80]!r}, {said}: Kubernetes refuses it",
        f"write a path below {NODE_FOLDER}, without `..`",
    )
