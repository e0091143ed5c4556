"""The profiles in other files, and the places that say something else of what confines a container."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from runner.profile.errors import CutOffError, ProfileError, TurnsOffError
from runner.profile.holders.carrier import Carried
from runner.profile.holders.part import Part

MERGED = "give what `docker compose config` prints"
"""What to do about a compose file whose settings stand elsewhere."""
PASTED_WHOLE = (
    "paste it whole, or what `docker inspect --format '{{json .HostConfig.SecurityOpt}}' NAME` prints"
)
"""What to do about a text that is cut off."""
_MOST_NAMED = 8
_OPERATORS_OWN = frozenset(("ProfileRecording", "ProfileBinding"))


@dataclass(frozen=True, slots=True)
class Held:
    """A profile in another file.

    `name` picks it among several, `where` is its path in the file. Its content is the JSON `part`, or in the `file`
    (relative to the holder), or out of reach: then `node_file` is its path on a node of Kubernetes. `form` is `docker`,
    `operator` for one with errnos as the Security Profiles Operator writes them, or `yaml` for one that is not written
    as JSON. `lost` lists the parts that the profile's text omits, `base` names the profile to whose rules it adds its
    own. `reader` is the program that takes it without Docker's conditions, "" for Docker. A `fault` says why nobody
    gets a profile by this place, and `note` what else there is to know of the place. `literal` is true for a file whose
    name has no variables, whatever it looks like. `holder` is the file of the place, if several are read together.
    `carried` says what is around a profile that a program misses to which the whole file is given.
    """

    name: str
    where: str
    part: Part | None = None
    file: str = ""
    node_file: str = ""
    form: str = "docker"
    reader: str = ""
    lost: tuple[str, ...] = ()
    base: str = ""
    fault: ProfileError | None = None
    note: str = ""
    literal: bool = False
    holder: str = ""
    carried: Carried | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all that have this profile."""
        return tuple(self.name.split(", "))

    @property
    def names_alone(self) -> tuple[str, ...]:
        """The same, without the place that tells this profile from another one of the same name."""
        return tuple(self.name.removesuffix(f" ({self.where})").split(", "))

    def is_called(self, name: str) -> bool:
        """True if a name picks it: that of one of them, or all together."""
        return name in (self.name, *self.names)

    def unusable(self) -> ProfileError | None:
        """The reason why its content cannot be had: its fault, or a file on a node; None for another one."""
        if self.fault or not self.node_file:
            return self.fault
        note = f", {self.note}" if self.note else ""
        return ProfileError(
            f"{self.where} names {self.node_file} on the node{note}",
            remedy="copy that file here, and name the copy",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A place that says what confines a container, in the file's own words, with its 1-based line and column.

    `owner` is the service, container or object that it is about, "" if that has no name. `before` is the first engine
    version that heeds the container's profile all the same, if there is one. `holder` is as for `Held`.
    """

    owner: str
    where: str
    said: str
    line: int
    column: int
    before: str = ""
    kubernetes: bool = False
    holder: str = ""

    @property
    def position(self) -> str:
        """The line in words, with the file if it is one of several."""
        return f"{self.holder}:{self.line}" if self.holder else f"line {self.line}"

    def __str__(self) -> str:
        return f"{self.owner} has {self.said}" if self.owner else self.said


class Stated(NamedTuple):
    """What a part of a file says about seccomp, in the words of `Holding`."""

    found: tuple[Held, ...] = ()
    off: tuple[Place, ...] = ()
    default: tuple[Place, ...] = ()
    annotated: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """A container, or a service, that a file describes; `where` is its path in the file."""

    name: str
    where: str
    kubernetes: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """The profiles found in a file.

    `off` are the places that turn seccomp off, `default` those that ask for the runtime's own default, `kinds` what the
    file's Kubernetes objects are, and `containers` those that it describes. `external_settings` says in words which
    settings stand in other files, `annotated` are the places where an annotation asks for the default, and `named` all
    places that name a profile, in the words of its file, also where several name the same. `aliases` are other names of
    services. `missing` are the brackets that a file lacks which is cut off.
    """

    profiles: tuple[Held, ...]
    off: tuple[Place, ...] = ()
    default: tuple[Place, ...] = ()
    kinds: tuple[str, ...] = ()
    containers: tuple[Container, ...] = ()
    external_settings: tuple[str, ...] = ()
    annotated: tuple[Place, ...] = ()
    named: tuple[Place, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""

    def name_of(self, picked: str) -> str:
        """The name that a picked name stands for.

        Itself if something has it, or else the service of that alias, or the only container of that name in all pods.
        """
        taken = any(held.is_called(picked) for held in self.profiles)
        if taken or any(picked == container.name for container in self.containers):
            return picked
        if picked in self.aliases:
            return self.aliases[picked]
        of_pods = (
            {each.name for each in self.containers if each.name.endswith(f"/{picked}")} if picked else set()
        )
        return of_pods.pop() if len(of_pods) == 1 else picked

    @property
    def not_read(self) -> str:
        """The settings in other files, and that these are not read; "" if there are none."""
        settings = self.external_settings
        return f"{'; '.join(settings)}: other files are not looked into" if settings else ""

    @property
    def cut_off(self) -> str:
        """That the file is cut off, and where; "" if it is whole."""
        missing = " ".join(self.missing)
        return f"is cut off: {missing} missing at its end; what came there is not read" if missing else ""

    def cut_before_a_profile(self) -> ProfileError | None:
        """The error for a file that is cut off before it says what confines a container; None for another one."""
        if not self.missing or self.profiles or self.off or self.default:
            return None
        missing = " ".join(self.missing)
        return CutOffError(
            f"is cut off: {missing} missing at its end, and it names no profile before that",
            remedy=PASTED_WHOLE,
        )

    def none(self) -> ProfileError:
        """The error for a file without any profile."""
        if self.off:
            return TurnsOffError(
                f"turns seccomp off: {listed([f'{off} ({off.position})' for off in self.off], '; ')}",
                remedy="; ".join(dict.fromkeys(remedy_of(off) for off in self.off)),
            )
        if self.not_read:
            return ProfileError(f"names no profile itself; {self.not_read}", remedy=MERGED)
        if said := ", ".join(map(str, self.default)):
            return ProfileError(f"holds no profile: {said}", remedy="name a file with a profile in it")
        recorder = next((kind for kind in self.kinds if kind in _OPERATORS_OWN), "")
        if recorder:
            return ProfileError(
                f"holds no profile: a {recorder} only names some",
                remedy="give the profiles themselves: `kubectl get seccompprofiles -o yaml`",
            )
        kinds = f": it is of kind {', '.join(self.kinds)}" if self.kinds else ""
        return ProfileError(f"holds no profile{kinds}", remedy="name a file with a profile in it")


def remedy_of(off: Place) -> str:
    """The next step for a place that turns seccomp off."""
    if off.kubernetes:
        return (
            "take that out and write `type: RuntimeDefault` under `seccompProfile`: without it, Kubernetes confines "
            "nothing, unless its kubelet has SeccompDefault"
        )
    return "take that out, and the engine's own profile is in force, which is `default` here"


def listed(items: list[str], separator: str = ", ") -> str:
    """The different items, and the number of those that are too many to name."""
    different = list(dict.fromkeys(items))
    more = len(different) - _MOST_NAMED
    shown = separator.join(different[:_MOST_NAMED])
    return f"{shown}{separator}and {more} more" if more > 0 else shown
