"""Kubernetes's words for a profile: the field `seccompProfile`, and the annotations that came before it."""

from dataclasses import replace

from runner.profile.docker_conditions import CONTAINERD
from runner.profile.errors import ProfileError
from runner.profile.holders.found import Held, Place, Stated
from runner.profile.holders.tree import Tree
from runner.suggest import nearest

ANNOTATIONS_END = "1.27"
"""The first version of Kubernetes that ignores the annotations."""
_POD = "seccomp.security.alpha.kubernetes.io/pod"
_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_CRIO = "seccomp-profile.kubernetes.cri-o.io"
"""The annotation by which CRI-O takes a profile from a registry."""
_TYPES = ("RuntimeDefault", "Unconfined", "Localhost")
_ONE_TYPE = f"write one of {', '.join(_TYPES)}"
_NODE_KEYS = frozenset(("localhostprofile", "localhost_ref"))
_PATTERN = frozenset("|*?{$(")
"""Characters of a policy's pattern, or of a placeholder, in place of a type."""
_NODE_FOLDER = "/var/lib/kubelet/seccomp"
"""The folder of a node's profiles."""


def stated(key: str, member: Tree, where: str, name: str) -> Stated | None:
    """What the member `key` of an object, with the path `where`, says about the container or object `name`.

    None for one that says nothing itself; its members may.
    """
    text = member.value if isinstance(member.value, str) else ""
    if key.lower() in _NODE_KEYS and text:
        return Stated(found=(_on_node(text, where, name),))
    if key.lower() == "seccompprofile":
        return _field(member, where, name)
    if key.partition("/")[0] == _CRIO and text:
        return Stated(found=(Held(name, where, fault=_in_registry(key, text, member)),))
    if annotation_target(key) is not None and text:
        return _annotation(key, member, where, name)
    return None


def annotation_target(key: str) -> str | None:
    """The container that an annotation gives a profile, "" for all of the pod; None for another key."""
    prefix, _, target = key.partition("/")
    if prefix == _CRIO:
        return "" if target == "POD" else target
    if key == _POD:
        return ""
    return key.removeprefix(_CONTAINER) if key.startswith(_CONTAINER) else None


def pod_of_annotation(where: str) -> tuple[str, str] | None:
    """The path of the pod's `spec` and the target of the annotation with the path `where`; None for another path."""
    above, sign, key = f".{where}".rpartition(".metadata.annotations.")
    target = annotation_target(key) if sign else None
    return None if target is None else (f"{above}.spec".removeprefix("."), target)


def _in_registry(key: str, reference: str, member: Tree) -> ProfileError:
    return ProfileError(
        f"the annotation {key} names {reference[:100]}, a profile in a registry, which CRI-O alone takes",
        at=member.at,
        remedy=f"fetch it with `oras pull {reference[:100]}`, and name its file",
    )


def _field(field: Tree, where: str, name: str) -> Stated | None:
    """What a `seccompProfile` says by its type."""
    if fault := _field_fault(field, where):
        return Stated(found=(Held(name, where, fault=fault),))
    if field.text("type") == "Unconfined":
        said = "type: Unconfined"
        return Stated(off=(Place(name, where, said, field.line, field.column, kubernetes=True),))
    if field.text("type") == "RuntimeDefault":
        said = "type: RuntimeDefault, the runtime's own"
        return Stated(default=(Place(name, where, said, field.line, field.column),))
    return None


def _annotation(key: str, member: Tree, where: str, name: str) -> Stated:
    text = member.value if isinstance(member.value, str) else ""
    if text == "unconfined":
        said = f"{key}: {text}, which Kubernetes ignores from {ANNOTATIONS_END} on"
        return Stated(off=(Place(name, where, said, member.line, member.column, kubernetes=True),))
    if text.startswith("localhost/"):
        held = _on_node(text.removeprefix("localhost/"), where, name)
        return Stated(
            found=(replace(held, note=f"in an annotation that Kubernetes ignores from {ANNOTATIONS_END} on"),)
        )
    return Stated(
        annotated=(Place(name, where, f"{key}: {text}", member.line, member.column, kubernetes=True),)
    )


def _on_node(file: str, where: str, name: str) -> Held:
    path = file if file.startswith("/") else f"{_NODE_FOLDER}/{file}"
    return Held(name, where, node_file=path, reader=CONTAINERD)


def _field_fault(field: Tree, where: str) -> ProfileError | None:
    """The reason why Kubernetes refuses a `seccompProfile`; None for a good one.

    A schema's property and a policy's condition of that name are none.
    """
    if not where.endswith("securityContext.seccompProfile") or field.value is None:
        return None
    if not isinstance(field.value, dict):
        return _no_mapping(field, where)
    kind, file = field.text("type"), field.text("localhostProfile")
    if not kind:
        return _typeless(field, where)
    if _PATTERN.intersection(kind):
        return None
    if kind not in _TYPES:
        near = nearest(kind, _TYPES)
        meant = f" (did you mean {near}?)" if near else ""
        return ProfileError(
            f"{where}: Kubernetes knows no type {kind[:40]!r}{meant}", at=field.at, remedy=_ONE_TYPE
        )
    if kind == "Localhost":
        return _file_fault(file, field, where)
    if file:
        return ProfileError(
            f"{where} names a file beside the type {kind}: Kubernetes refuses it",
            at=field.at,
            remedy="write `type: Localhost`, or take localhostProfile out",
        )
    return None


def _no_mapping(field: Tree, where: str) -> ProfileError | None:
    """The fault of a field that is a text or a list; None for a pattern or a placeholder."""
    text = field.value if isinstance(field.value, str) else ""
    if _PATTERN.intersection(text):
        return None
    kind = text if text in _TYPES else _TYPES[0]
    return ProfileError(
        f"{where} is {'a list' if isinstance(field.value, tuple) else 'a single value'}, and must be a mapping: "
        "Kubernetes refuses it",
        at=field.at,
        remedy=f"write `{{type: {kind}}}`",
    )


def _typeless(field: Tree, where: str) -> ProfileError | None:
    kind = field.get("type")
    members = field.value if isinstance(field.value, dict) else {}
    if (kind is not None and kind.value not in (None, "")) or any(map(_PATTERN.intersection, members)):
        return None
    return ProfileError(f"{where} has no type: Kubernetes refuses it", at=field.at, remedy=_ONE_TYPE)


def _file_fault(file: str, field: Tree, where: str) -> ProfileError | None:
    if not file:
        return ProfileError(
            f"{where} has the type Localhost and names no file: Kubernetes refuses it",
            at=field.at,
            remedy="add localhostProfile, or write `type: RuntimeDefault`",
        )
    said = (
        "an absolute path" if file.startswith("/") else "a path with `..`" if ".." in file.split("/") else ""
    )
    if not said or _PATTERN.intersection(file):
        return None
    return ProfileError(
        f"{where} names {file[:80]!r}, {said}: Kubernetes refuses it",
        at=field.at,
        remedy=f"write a path below {_NODE_FOLDER}, without `..`",
    )
