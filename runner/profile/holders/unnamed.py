"""Containers for which a file names no profile, and what confines them then."""

from collections.abc import Collection

from runner.profile.errors import NamesNoProfileError, NamesNothingError, ProfileError, TurnsOffError
from runner.profile.holders.command.commands import commands
from runner.profile.holders.found import MERGED, Container, Holding, listed, remedy_of
from runner.profile.holders.kubernetes import ANNOTATIONS_END, pod_of_annotation
from runner.profile.holders.nearest import Places
from runner.profile.holders.paths import is_of_pod, last_key
from runner.profile.holders.settings import begins_with_section, describes_containers, is_containerds
from runner.profile.holders.tree import Tree, first_sign

_OF_ENGINE = frozenset(
    (
        *("data-root", "default-runtime", "exec-opts", "insecure-registries", "live-restore", "log-driver"),
        *("log-opts", "registry-mirrors", "runtimes", "storage-driver", "storage-opts", "userns-remap"),
        *("cgroup-parent", "default-address-pools", "default-ulimits", "default-cgroupns-mode", "log-level"),
        *("max-concurrent-downloads", "metrics-addr", "selinux-enabled", "userland-proxy"),
    )
)
"""Keys that an engine's settings have, and a profile has not."""
_DEFAULT = "the engine's own default is in force"
_NOTHING = "Kubernetes confines nothing, unless its kubelet has SeccompDefault"
_REMEDY = "name `default` for it, or a file with a profile in it"
_KUBERNETES_REMEDY = "write `type: RuntimeDefault` under `seccompProfile`"


def container_of(tree: Tree, where: str, name: str) -> Container | None:
    """The container that an object describes: compose's service, one of a pod's, or what `docker inspect` prints."""
    last = where.rpartition(".")[2]
    if is_of_pod(where) and tree.text("name"):
        # Azure's containers keep all but the name under `properties`, and are none of Kubernetes.
        return Container(
            tree.text("name") if tree.get("properties") else name, where, not tree.get("properties")
        )
    if last_key(where) == "containerDefinitions" and tree.text("name"):
        return Container(tree.text("name"), where)
    # A service's name may have dots.
    parent = where.removesuffix(f".{name}") if where.endswith(f".{name}") else ""
    service = parent.rpartition(".")[2] == "services" and any(map(tree.get, ("image", "build", "extends")))
    return Container(name, where) if service or tree.get("HostConfig") or last == "ContainerSpec" else None


def names_none(holding: Holding) -> NamesNoProfileError | None:
    """The reason why a file that describes containers gives no profile; None if it turns seccomp off somewhere."""
    if holding.profiles or holding.off or holding.external_settings:
        return None
    if not holding.containers:
        asked = holding.default and all(place.said.startswith("seccomp=") for place in holding.default)
        return _engines_default() if asked else None
    default, annotated = Places(holding.default), Places(holding.annotated)
    bare = [each for each in holding.containers if each.kubernetes and default.nearest(each) is None]
    if not bare:
        return _engines_default()
    names = listed([each.name for each in bare])
    if all(map(annotated.nearest, bare)):
        return NamesNothingError(
            f"names a profile for {names} in an annotation alone, which Kubernetes ignores from {ANNOTATIONS_END} on: "
            "it confines nothing there, unless its kubelet has SeccompDefault",
            remedy=_KUBERNETES_REMEDY,
        )
    return NamesNothingError(f"names no profile for {names}: {_NOTHING}", remedy=_KUBERNETES_REMEDY)


def of_lines(text: str) -> ProfileError | None:
    """The reason why a file of sections (a Quadlet, TOML) or a script gives no profile, if no line names one.

    None for others.
    """
    if is_containerds(text):
        return NamesNothingError(f"names no profile: {_NOTHING}", remedy=_KUBERNETES_REMEDY)
    if describes_containers(text) or (first_sign(text) not in "{[" and any(commands(text))):
        return _engines_default()
    if not begins_with_section(text):
        return None
    return ProfileError(
        "this is a file of settings, and no line names a profile", remedy="name the profile's file"
    )


def of_engines_settings(keys: Collection[str]) -> ProfileError | None:
    """The reason why an engine's `daemon.json` with these keys gives no profile; None for another object."""
    return _engines_default() if not _OF_ENGINE.isdisjoint(keys) else None


def unconfined_beside(holding: Holding) -> str:
    """In words, the containers that Kubernetes confines by nothing, in a file that confines others; "" if none."""
    places = Places((*holding.named, *holding.off, *holding.default, *holding.annotated))
    bare = [each.name for each in holding.containers if each.kubernetes and places.nearest(each) is None]
    return f"names no profile for {listed(bare)}: {_NOTHING}" if bare else ""


def of_container(holding: Holding, name: str) -> ProfileError | None:
    """The reason why a container of the file has no profile; None if the file has no such container."""
    container = next((each for each in holding.containers if each.name == name), None)
    if container is None:
        return None
    if alike := [held.name for held in holding.profiles if name in held.names_alone]:
        return ProfileError(
            f"{name} is not the whole name of a profile", remedy=f"name one of {listed(alike, '; ')}"
        )
    if named := _of_its_pod(holding, container):
        return named
    offs, defaults = Places(holding.off), Places(holding.default)
    off, default = offs.nearest(container), defaults.nearest(container)
    if off is not None and (default is None or offs.own(container) or not defaults.own(container)):
        return TurnsOffError(
            f"{name} runs without a filter: {off.said} ({off.position})",
            remedy=remedy_of(off),
        )
    if holding.not_read and default is None:
        return ProfileError(f"names no profile for {name} itself; {holding.not_read}", remedy=MERGED)
    if container.kubernetes and default is None:
        return NamesNothingError(f"{name} names no profile: {_NOTHING}", remedy=_KUBERNETES_REMEDY)
    return NamesNoProfileError(f"{name} names no profile: {_DEFAULT}", remedy=_REMEDY)


def _of_its_pod(holding: Holding, container: Container) -> ProfileError | None:
    """The answer for a container whose profile its pod names; None if a place as near as that says something else."""
    named = Places(holding.named).nearest(container)
    others = Places((*holding.off, *holding.default))
    other = others.nearest(container)
    if named is None or others.own(container):
        return None
    # A field goes before an annotation.
    if other is not None and pod_of_annotation(named.where):
        return None
    for held in holding.profiles:
        if held.fault and held.where == named.where:
            return held.fault
    if not named.said:
        return ProfileError(
            f"{container.name} has the profile at {named.where}", remedy=f"name {named.owner} for it"
        )
    on_node = any(held.node_file == named.said for held in holding.profiles)
    return ProfileError(
        f"{container.name} names no profile itself: its profile is {named.said}, named at {named.where}",
        remedy="copy that file here, and name the copy"
        if on_node
        else f"name one of {listed([held.name for held in holding.profiles], '; ')}",
    )


def _engines_default() -> NamesNoProfileError:
    return NamesNoProfileError(f"names no profile: {_DEFAULT}", remedy=_REMEDY)
