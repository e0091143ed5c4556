"""Lint rules and the subject that they examine."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from runner.language import tr
from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.filter.effective import Effective, effective
from runner.profile.finding import Edit, Finding, Severity
from runner.profile.holders.carrier import Carried
from runner.profile.model import Location, OciRule, OciSeccomp, Profile, Rule, Target
from runner.profile.resolve import SECCOMP_ARCHES, resolve
from runner.profile.source.json_text import Document
from runner.profile.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class LintTarget:
    """The target that the profile is checked for; None for engine, runtime (runc) or libseccomp is any current version.

    `caps` are the capability sets to check it with, the usual one first. `reader` is the program that takes the
    profile without Docker's conditions, "" for Docker; `reader_named` is true if the user says so. `base` names a
    profile that is not at hand, and whose rules are in force as well. `carried` says what is around the profile,
    and `named` is the word of a command line that means it, "" if none is known.
    """

    arch: str = "amd64"
    engine: Version | None = None
    runtime: Version | None = None
    library: Version | None = None
    kernel: tuple[int, int] = (6, 18)
    caps: tuple[frozenset[str], ...] = (DEFAULT_CAPABILITIES, ALL_CAPABILITIES)
    reader: str = ""
    reader_named: bool = False
    base: str = ""
    carried: Carried | None = None
    named: str = ""


class Hit(NamedTuple):
    """One place where a rule fires; `severity` overrides the rule's."""

    message: str
    at: Location
    fix: tuple[Edit, ...] = ()
    severity: Severity | None = None


class Case(NamedTuple):
    """The profile for one set of capabilities; `usual` is false for sets that a container has only on request."""

    oci: OciSeccomp
    view: Effective
    usual: bool

    @property
    def severity(self) -> Severity:
        """The severity of a failed start of this container."""
        return Severity.ERROR if self.usual else Severity.MEDIUM

    def say(self, message: str) -> str:
        """The message, with the container that it concerns."""
        if self.usual:
            return message
        return tr("{message} (in a container with all capabilities)", message=message)


class Subject:
    """A profile under examination."""

    def __init__(
        self,
        profile: Profile,
        target: LintTarget,
        document: Document | None = None,
        read: tuple[Finding, ...] = (),
    ) -> None:
        """`read` are the findings of the reader."""
        self.profile = profile
        self.read = read
        self.target = target
        self.document = document

    @cached_property
    def outcomes(self) -> tuple[Case | ProfileError, ...]:
        """The resolved profile or the engine's refusal for each capability set; equal ones once, none if it is off."""
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
        """The profile for each set of capabilities with which the engine accepts it."""
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
        """True if calls that no rule names are executed."""
        action = self.profile.default_action
        return action is not None and action.value in {"SCMP_ACT_ALLOW", "SCMP_ACT_LOG"}

    def at(self, path: str) -> Location:
        """The location of the value at `path`, or of the object that lacks it."""
        if self.document is None:
            return Location(1, 1, path)
        node = self.document.find(path)
        parent = path
        while node is None and parent:
            parent = parent.rpartition(".")[0]
            node = self.document.find(parent)
        return self.document.location(node.start if node else 0, path)

    def at_name(self, rule: Rule, index: int) -> Location:
        """The location of the call at `index` among the names of `rule`."""
        if rule.legacy_name and index == 0:
            return self.at(f"{rule.at.path}.name")
        return self.at(f"{rule.at.path}.names[{index - rule.legacy_name}]")

    def names(self) -> Iterator[tuple[Rule, int, str]]:
        """Every name in every rule, with its index there."""
        return ((rule, index, name) for rule in self.profile.rules for index, name in enumerate(rule.names))

    def architecture_at(self, index: int) -> Location:
        """The location in the profile of the OCI object's architecture at `index`."""
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
        """The location of a call's name in the profile's rule behind an OCI rule."""
        return self.at_name(rule.source, rule.names.index(name)) if rule.source else Location(1, 1, "")


@dataclass(frozen=True, slots=True)
class LintRule:
    """A kind of problem to find; `explanation` is one paragraph on its effect and its remedy."""

    id: str
    severity: Severity
    find: Callable[[Subject], Iterable[Hit]]
    explanation: str
