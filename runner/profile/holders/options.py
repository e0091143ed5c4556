"""Security options of containers, as Docker and Podman read them."""

import re
from collections.abc import Iterator

from runner.profile.capabilities import PRIVILEGED_PROFILE_SINCE
from runner.profile.errors import ProfileError
from runner.profile.holders.found import Place
from runner.profile.holders.paths import below, last_key
from runner.profile.holders.tree import Tree
from runner.suggest import nearest

OPTION_KEYS = frozenset(("security_opt", "security_opts", "securityopt", "security-opt", "securityopts"))
OPTION = re.compile(r"(?P<key>\s*seccomp\s*)[=:](?P<value>.*)\Z", re.DOTALL)
_OPTION_NAMES = (
    *(
        "apparmor",
        "credentialspec",
        "label",
        "mask",
        "no-new-privileges",
        "proc-opts",
        "seccomp",
        "systempaths",
    ),
    *("unmask", "writable-cgroups"),
)
"""What Docker and Podman take as a security option."""
_OTHER_PROCESSES = frozenset(("build", "post_start", "pre_stop"))
"""Members of a compose service whose `privileged` is about the build of the image, or about one command."""


def privileged(tree: Tree, where: str, owner: str) -> Iterator[Place]:
    """The place that makes `owner` privileged; Kubernetes runs such a one without a filter, whatever it names."""
    if last_key(where) in _OTHER_PROCESSES:
        return
    for key in ("privileged", "Privileged"):
        found = tree.get(key)
        if found is not None and found.value is True:
            kubernetes = where.endswith("securityContext")
            before = str(PRIVILEGED_PROFILE_SINCE) if _has_profile(tree) and not kubernetes else ""
            yield Place(
                owner, below(where, key), f"{key}: true", found.line, found.column, before, kubernetes
            )


def _has_profile(container: Tree) -> bool:
    """True if a container's security options give it a profile; of several, the last one counts."""
    members = container.value if isinstance(container.value, dict) else {}
    options = (
        option
        for key, member in members.items()
        if key.lower() in OPTION_KEYS and isinstance(member.value, tuple)
        for option in member.value
    )
    given = [value for value in map(option_value, options) if value is not None]
    return bool(given) and given[-1] != "unconfined"


def option_value(option: Tree) -> str | None:
    """What a security option gives for `seccomp`; None for another one, and for one with spaces, which is refused."""
    match = OPTION.match(option.value) if isinstance(option.value, str) else None
    if match is None or match["key"] != "seccomp" or match["value"] != match["value"].strip():
        return None
    return str(match["value"])


def option_fault(option: Tree, where: str) -> ProfileError | None:
    """The reason why a security option that seems to be about seccomp does nothing, or is refused; None for others."""
    if where.endswith("]") and option.get("seccomp") is not None:
        return ProfileError(
            f"{where} is a mapping, and must be a text",
            at=option.at,
            remedy=f"write seccomp={option.text('seccomp')[:80] or 'FILE'}",
        )
    text = option.value if isinstance(option.value, str) else ""
    if text.strip() == "seccomp":
        return ProfileError(
            f"{where} names no profile: Docker refuses it", at=option.at, remedy="write seccomp=FILE"
        )
    key, _, value = text.partition("=")
    if OPTION.match(text):
        return ProfileError(
            f"{where}: Docker refuses {text[:80]!r} for its spaces",
            at=option.at,
            remedy=f"write seccomp={value.strip()[:80]}",
        )
    plain = key.partition(":")[0].strip()
    if plain.lower() not in _OPTION_NAMES and nearest(plain.lower(), _OPTION_NAMES) == "seccomp":
        return ProfileError(
            f"{where}: there is no security option {plain[:40]!r} (did you mean seccomp?)",
            at=option.at,
            remedy="correct its name",
        )
    return None


def not_a_list(options: Tree, where: str, *, compose: bool) -> ProfileError | None:
    """The reason why a mapping with a profile is refused in place of a list of options; None for others.

    Compose also refuses a text, which other tools take for a list of one.
    """
    value = option_value(options) if compose else None
    if value is None and options.get("seccomp") is None:
        return None
    return ProfileError(
        f"{where} is a {'mapping' if value is None else 'text'}, and must be a list",
        at=options.at,
        remedy=f"write `- seccomp={(value or options.text('seccomp'))[:80] or 'FILE'}` in it",
    )
