"""Fields about seccomp that Kubernetes does not have where a manifest writes them: it refuses the manifest."""

from collections.abc import Iterator

from runner.profile.errors import ProfileError
from runner.profile.holders.found import Held
from runner.profile.holders.paths import below, last_key
from runner.profile.holders.tree import Tree

FIELD = "seccompProfile"
_INNER = ("type", "localhostProfile")
_LISTS = frozenset(("containers", "initContainers", "ephemeralContainers"))
_OF_KUBERNETES = frozenset(
    (
        *("allowPrivilegeEscalation", "appArmorProfile", "capabilities", "fsGroup", "fsGroupChangePolicy"),
        *("privileged", "procMount", "readOnlyRootFilesystem", "runAsGroup", "runAsNonRoot", "runAsUser"),
        *("seLinuxOptions", "seccompProfile", "supplementalGroups", "sysctls", "windowsOptions"),
    )
)


def misplaced(tree: Tree, where: str, name: str) -> Iterator[Held]:
    """The faults of an object that is a pod's `spec`, a container of it, or its `securityContext`."""
    members = tree.value if isinstance(tree.value, dict) else {}
    if last_key(where) == "securityContext":
        faults = _in_context(members, where)
    elif last_key(where) in _LISTS or isinstance(members.get("containers", tree).value, tuple):
        faults = _above_context(members, where)
    else:
        return
    for key, fault in faults:
        yield Held(name, below(where, key), fault=fault)


def _above_context(members: dict[str, Tree], where: str) -> Iterator[tuple[str, ProfileError]]:
    for key, member in members.items():
        if key.lower() == FIELD.lower():
            yield (
                key,
                ProfileError(
                    f"{below(where, key)} is not where Kubernetes has this field: it refuses or ignores it",
                    at=member.at,
                    remedy=f"move it into `securityContext`, as `{FIELD}`",
                ),
            )


def _in_context(members: dict[str, Tree], where: str) -> Iterator[tuple[str, ProfileError]]:
    for key, member in members.items():
        if key != FIELD and key.lower().replace("_", "") in (FIELD.lower(), f"{FIELD.lower()}s", "seccomp"):
            # Other programs have contexts of their own, with a field of that name.
            if _OF_KUBERNETES.isdisjoint(members) and key.lower() != FIELD.lower() and len(members) > 1:
                continue
            yield (
                key,
                ProfileError(
                    f"{where}: Kubernetes has no field {key!r} (did you mean {FIELD}?)",
                    at=member.at,
                    remedy=f"write it as `{FIELD}`",
                ),
            )
    beside = [key for key in _INNER if key in members]
    if beside and FIELD in members:
        yield (
            beside[0],
            ProfileError(
                f"{where}: {beside[0]!r} stands beside {FIELD}, and Kubernetes has no such field there",
                at=members[beside[0]].at,
                remedy=f"indent it, to stand under {FIELD}",
            ),
        )
