"""Fields about seccomp that Kubernetes and Compose do not have where a file writes them: they refuse the file."""

from collections.abc import Iterator

from runner.profile.errors import ProfileError
from runner.profile.holders.found import Held
from runner.profile.holders.options import OPTION_KEYS
from runner.profile.holders.paths import below, is_of_pod, last_key
from runner.profile.holders.tree import Tree

_COMPOSE_KEY = "security_opt"
_OWN_KEYS = ("seccomp", "seccomp_profile")
"""What people write in a service in its place."""
_FIELD = "seccompProfile"
_INNER = ("type", "localhostProfile")
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
    elif is_of_pod(where) or isinstance(members.get("containers", tree).value, tuple):
        faults = _above_context(members, where)
    else:
        return
    for key, fault in faults:
        yield Held(name, below(where, key), fault=fault)


def _above_context(members: dict[str, Tree], where: str) -> Iterator[tuple[str, ProfileError]]:
    for key, member in members.items():
        if key.lower() == _FIELD.lower():
            yield (
                key,
                ProfileError(
                    f"{below(where, key)} is not where Kubernetes has this field: it refuses or ignores it",
                    at=member.at,
                    remedy=f"move it into `securityContext`, as `{_FIELD}`",
                ),
            )


def _in_context(members: dict[str, Tree], where: str) -> Iterator[tuple[str, ProfileError]]:
    for key, member in members.items():
        if key != _FIELD and key.lower().replace("_", "") in (
            _FIELD.lower(),
            f"{_FIELD.lower()}s",
            "seccomp",
        ):
            # Other programs have contexts of their own, with a field of that name.
            if _OF_KUBERNETES.isdisjoint(members) and key.lower() != _FIELD.lower() and len(members) > 1:
                continue
            yield (
                key,
                ProfileError(
                    f"{where}: Kubernetes has no field {key!r} (did you mean {_FIELD}?)",
                    at=member.at,
                    remedy=f"write it as `{_FIELD}`",
                ),
            )
    beside = [key for key in _INNER if key in members]
    if beside and _FIELD in members:
        yield (
            beside[0],
            ProfileError(
                f"{where}: {beside[0]!r} stands beside {_FIELD}, and Kubernetes has no such field there",
                at=members[beside[0]].at,
                remedy=f"indent it, to stand under {_FIELD}",
            ),
        )


def misplaced_in_compose(tree: Tree, where: str) -> Iterator[tuple[Tree, Held]]:
    """The options above the services of a compose file, or with another program's key: each with its fault."""
    members = tree.value if isinstance(tree.value, dict) else {}
    services = members["services"].value if "services" in members else None
    if not isinstance(services, dict):
        return
    of_compose = {
        name: service.value
        for name, service in services.items()
        if isinstance(service.value, dict) and not {"image", "build", "extends"}.isdisjoint(service.value)
    }
    for key in members if of_compose else ():
        if key.lower() in OPTION_KEYS:
            path = below(where, key)
            yield members[key], _refused(path, members[key], f"move it into a service, as `{_COMPOSE_KEY}`")
    for name, service in of_compose.items():
        own = below(where, f"services.{name}")
        for key, member in service.items():
            if key != _COMPOSE_KEY and key.lower() in OPTION_KEYS:
                yield member, _refused(below(own, key), member, f"write it as `{_COMPOSE_KEY}`", name)
            elif key in ("deploy", "build") and (options := member.get(_COMPOSE_KEY)):
                path = below(own, f"{key}.{_COMPOSE_KEY}")
                yield options, _refused(path, options, f"move it into {own} itself", name)
            elif key in _OWN_KEYS and isinstance(member.value, str):
                step = f"write `{_COMPOSE_KEY}: [seccomp={member.value[:80]}]`"
                yield member, _refused(below(own, key), member, step, name)


def _refused(path: str, member: Tree, remedy: str, name: str = "") -> Held:
    fault = ProfileError(f"{path}: Compose has no such key and refuses the file", at=member.at, remedy=remedy)
    return Held(name, path, fault=fault)
