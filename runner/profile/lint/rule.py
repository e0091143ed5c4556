"""What a lint rule is, and what it looks at."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.filter.effective import Effective, effective
from runner.profile.finding import Edit, Severity
from runner.profile.model import Location, OciRule, OciSeccomp, Profile, Rule, Target
from runner.profile.resolve import resolve
from runner.profile.source.json_text import Document
from runner.profile.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class LintTarget:
    """What the profile is to run on; an engine or runtime (runc) that is None may be any current one.

    `caps` are the capability sets to look at it with. `kubernetes` says that Kubernetes hands it to the runtime.
    """

    arch: str = "amd64"
    engine: Version | None = None
    runtime: Version | None = None
    kernel: tuple[int, int] = (6, 18)
    caps: tuple[frozenset[str], ...] = (DEFAULT_CAPABILITIES, ALL_CAPABILITIES)
    kubernetes: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule fires; `severity` overrides the rule's."""

    message: str
    at: Location
    fix: tuple[Edit, ...] = ()
    severity: Severity | None = None


class Subject:
    """A profile under examination."""

    def __init__(self, profile: Profile, target: LintTarget, document: Document | None = None) -> None:
        self.profile = profile
        self.target = target
        self.document = document

    @cached_property
    def resolved(self) -> tuple[OciSeccomp, ...]:
        """The different OCI objects for the target's capability sets; none where the engine refuses the profile."""
        found: list[OciSeccomp] = []
        for caps in self.target.caps:
            target = Target(
                arch=self.target.arch, caps=caps, kernel=self.target.kernel, engine=self.target.engine
            )
            try:
                oci = resolve(self.profile, target)
            except ProfileError:
                return ()
            if oci is not None and oci not in found:
                found.append(oci)
        return tuple(found)

    @cached_property
    def effective(self) -> tuple[Effective, ...]:
        """The decisions of each resolved object."""
        return tuple(effective(oci) for oci in self.resolved)

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
