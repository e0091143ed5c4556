"""What a lint rule is, and what it looks at."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.filter.effective import Effective, effective
from runner.profile.finding import Edit, Severity
from runner.profile.model import Location, OciRule, OciSeccomp, Profile, Rule, Target
from runner.profile.resolve import SECCOMP_ARCHES, resolve
from runner.profile.source.json_text import Document
from runner.profile.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class LintTarget:
    """What the profile is to run on; an engine, runtime (runc) or libseccomp that is None may be any current one.

    `caps` are the capability sets to look at it with, the usual one first. `kubernetes` says that Kubernetes hands it
    to the runtime, `base` names a profile that is not at hand and whose rules are in force beside.
    """

    arch: str = "amd64"
    engine: Version | None = None
    runtime: Version | None = None
    library: Version | None = None
    kernel: tuple[int, int] = (6, 18)
    caps: tuple[frozenset[str], ...] = (DEFAULT_CAPABILITIES, ALL_CAPABILITIES)
    kubernetes: bool = False
    base: str = ""


class Hit(NamedTuple):
    """One place where a rule fires; `severity` overrides the rule's."""

    message: str
    at: Location
    fix: tuple[Edit, ...] = ()
    severity: Severity | None = None


class Case(NamedTuple):
    """The profile for one set of capabilities; `usual` is false for those that a container has only if it asks."""

    oci: OciSeccomp
    view: Effective
    usual: bool

    @property
    def severity(self) -> Severity:
        """How bad it is if this container does not start."""
        return Severity.ERROR if self.usual else Severity.MEDIUM

    def say(self, message: str) -> str:
        """The message, with the container that it is about."""
        return message if self.usual else f"{message} (in a container with all capabilities)"


class Subject:
    """A profile under examination."""

    def __init__(self, profile: Profile, target: LintTarget, document: Document | None = None) -> None:
        self.profile = profile
        self.target = target
        self.document = document

    @cached_property
    def outcomes(self) -> tuple[Case | ProfileError, ...]:
        """What the engine makes of the profile for each set of capabilities; equal ones once, none where it is off."""
        found: list[Case | ProfileError] = []
        for position, caps in enumerate(self.target.caps):
            target = Target(
                arch=self.target.arch,
                caps=caps,
                kernel=self.target.kernel,
                engine=self.target.engine,
                runtime=self.target.runtime,
            )
            try:
                oci = resolve(self.profile, target)
            except ProfileError as error:
                found.append(error)
                continue
            if oci is not None and all(not isinstance(each, Case) or each.oci != oci for each in found):
                found.append(Case(oci, effective(oci), usual=position == 0))
        return tuple(found)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The profile for each set of capabilities for which the engine takes it."""
        return tuple(each for each in self.outcomes if isinstance(each, Case))

    @property
    def resolved(self) -> tuple[OciSeccomp, ...]:
        """The OCI objects of the cases."""
        return tuple(case.oci for case in self.cases)

    @property
    def effective(self) -> tuple[Effective, ...]:
        """The decisions of each case."""
        return tuple(case.view for case in self.cases)

    @property
    def is_deny_list(self) -> bool:
        """Whether what no rule names is executed."""
        action = self.profile.default_action
        return action is not None and action.value in {"SCMP_ACT_ALLOW", "SCMP_ACT_LOG"}

    def at(self, path: str) -> Location:
        """Where the value at `path` stands, or the object that lacks it."""
        if self.document is None:
            return Location(1, 1, path)
        node = self.document.find(path)
        parent = path
        while node is None and parent:
            parent = parent.rpartition(".")[0]
            node = self.document.find(parent)
        return self.document.location(node.start if node else 0, path)

    def at_name(self, rule: Rule, index: int) -> Location:
        """Where `rule` names the call that is `index` among its names."""
        if rule.legacy_name and index == 0:
            return self.at(f"{rule.at.path}.name")
        return self.at(f"{rule.at.path}.names[{index - rule.legacy_name}]")

    def names(self) -> Iterator[tuple[Rule, int, str]]:
        """Every name in every rule, with its index there."""
        return ((rule, index, name) for rule in self.profile.rules for index, name in enumerate(rule.names))

    def architecture_at(self, index: int) -> Location:
        """Where the profile lists the OCI object's architecture of that index."""
        if self.profile.architectures:
            return self.at(f"architectures[{index}]")
        native = SECCOMP_ARCHES.get(self.target.arch)
        for position, entry in enumerate(self.profile.arch_map):
            if entry.architecture == native:
                path = f"archMap[{position}]"
                part = "architecture" if index == 0 else f"subArchitectures[{index - 1}]"
                return self.at(f"{path}.{part}")
        return self.at("architectures")

    def place(self, rule: OciRule, name: str) -> Location:
        """Where the profile's rule behind an OCI rule names a call."""
        return self.at_name(rule.source, rule.names.index(name)) if rule.source else Location(1, 1, "")


@dataclass(frozen=True, slots=True)
class LintRule:
    """A trap: `explanation` is one paragraph on what happens and what to do instead."""

    id: str
    severity: Severity
    find: Callable[[Subject], Iterable[Hit]]
    explanation: str
