"""Finds profiles embedded in other files."""

import re
from collections.abc import Iterator
from dataclasses import replace

from runner.profile.docker_conditions import CONTAINERD, RUNC
from runner.profile.errors import ProfileError
from runner.profile.holders.dialects import FILLED_IN, template_error, trees_of
from runner.profile.holders.distinct import at_hand, distinct
from runner.profile.holders.encoded import amid_text, decoded, in_address, in_base64
from runner.profile.holders.found import Container, Held, Holding, Place, Stated
from runner.profile.holders.kubernetes import stated
from runner.profile.holders.misplaced import misplaced, misplaced_in_compose
from runner.profile.holders.objects import name_of, objects_in
from runner.profile.holders.operator import operator_profile
from runner.profile.holders.options import (
    OPTION,
    OPTION_KEYS,
    not_a_list,
    option_fault,
    option_value,
    privileged,
)
from runner.profile.holders.part import Part, part
from runner.profile.holders.paths import below, is_of_pod
from runner.profile.holders.references import (
    Extends,
    extends_of,
    external_settings,
    included,
    with_bases,
)
from runner.profile.holders.settings import (
    begins_with_section,
    flagged,
    has_settings,
    privileged_commands,
    settings,
)
from runner.profile.holders.tree import Tree, first_sign, read_trees
from runner.profile.holders.unnamed import container_of

_OFF = frozenset(("unconfined", ""))
_BUILTIN = frozenset(("builtin",))
"""What asks Docker for its own default."""
_CRI_DEFAULT = frozenset(("runtime/default", "docker/default"))
"""What asks a runtime of Kubernetes for its own default, in the words of the Container Runtime Interface."""
_CRI_KEY = "seccompprofilepath"
_FILE_KEYS = frozenset(("seccomp-profile", _CRI_KEY))
_SIGNS = re.compile(
    r"""(?mx)(?:^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)
    ["']?(?:kind|security_opts?|securityContext|seccompProfile|localhostProfile
    |seccomp-profile|defaultAction|runArgs|HostConfig)["']?[ \t]*:"""
)
_ENCODINGS = frozenset(("b64", "base64"))
"""The words of cloud-init for a file's content in base64."""
_MAPS = frozenset(("ConfigMap", "Secret"))
_ARRAY = re.compile(r"\ufeff?\s*\[\s*[\[{\"\]]")
_VALUE = re.compile(r"\{[\w.()]+\}")
"""A value that a program puts in, such as Python's `f"seccomp={profile}"`."""
_DEEPEST = 40


def may_hold(text: str) -> bool:
    """True if a text that is not a profile may contain some: a cheap guess."""
    return _is_tree(text) or has_settings(text)


def _is_tree(text: str) -> bool:
    """True if a text may be JSON or YAML."""
    if begins_with_section(text):
        return False
    return first_sign(text) == "{" or _SIGNS.search(text) is not None or _ARRAY.match(text) is not None


def find_profiles(text: str) -> Holding:
    """Find all profiles in the documents of a JSON or YAML text, or those that the lines of another text name.

    Raises:
        ProfileError: it is neither, or a template of one.
    """
    finder = _Finder()
    if not _is_tree(text) and has_settings(text):
        for value, line, column, cri in settings(text):
            finder.found += finder.value(Tree(value, line, column), value, f"line {line}", "", cri=cri)
        finder.off += privileged_commands(text)
        return Holding(distinct(finder.found), tuple(finder.off), tuple(finder.default))
    try:
        trees = trees_of(text)
    except ProfileError:
        if amid := distinct(amid_text(text)):
            return Holding(amid)
        raise
    if not any(isinstance(tree.value, dict | tuple) for tree in trees) and (
        amid := distinct(amid_text(text))
    ):
        return Holding(amid)
    finder.several = sum(map(objects_in, trees)) > 1
    for index, tree in enumerate(trees):
        if kind := tree.text("kind"):
            finder.kinds[kind[:40]] = None
        place = f"document {index + 1}" if len(trees) > 1 else ""
        finder.files += included(tree)
        for held in finder.search(tree, place, "", 0):
            finder.found.append(held)
    said = with_bases(
        Stated(tuple(finder.found), tuple(finder.off), tuple(finder.default), tuple(finder.annotated)),
        finder.extends,
    )
    found = distinct(at_hand(said.found))
    if not found and finder.unread and (template := template_error(text, finder.unread)):
        raise template
    return Holding(
        found,
        off=said.off,
        default=said.default,
        kinds=tuple(finder.kinds),
        containers=tuple(finder.containers),
        external_settings=external_settings(finder.extends, finder.files),
        annotated=said.annotated,
        named=tuple(Place(held.name, held.where, held.file or held.node_file, 0, 0) for held in finder.found),
        aliases=finder.aliases,
    )


class _Finder:
    def __init__(self) -> None:
        self.found: list[Held] = []
        self.off: list[Place] = []
        self.default: list[Place] = []
        self.kinds: dict[str, None] = {}
        self.containers: list[Container] = []
        self.aliases: dict[str, str] = {}
        """The services by the names of their containers."""
        self.several = False
        """True for a file with several objects, whose containers are told apart by their pods."""
        self.extends: list[Extends] = []
        self.files: list[str] = []
        """The files that a compose file includes."""
        self.annotated: list[Place] = []
        self.unread = ""
        """The text of a profile that cannot be read."""
        self._seen: dict[int, Tree] = {}

    def search(self, tree: Tree, where: str, name: str, depth: int) -> Iterator[Held]:
        """Find the profiles in a value; each value is searched once, however often the file refers to it."""
        if depth > _DEEPEST or id(tree) in self._seen:
            return
        self._seen[id(tree)] = tree
        if isinstance(tree.value, dict):
            own = name_of(tree)
            if own and name and self.several and is_of_pod(where):
                own = f"{name}/{own}"
            yield from self._mapping(tree, where, own or name, depth)
        elif isinstance(tree.value, tuple):
            for index, item in enumerate(tree.value):
                yield from self.search(item, f"{where}[{index}]", name, depth + 1)
        elif isinstance(tree.value, str):
            yield from self._string(in_address(tree) or tree, where, name, depth)

    def _mapping(self, tree: Tree, where: str, name: str, depth: int) -> Iterator[Held]:
        members = tree.value if isinstance(tree.value, dict) else {}
        self.off.extend(privileged(tree, where, name))
        if container := container_of(tree, where, name):
            self.containers.append(container)
        yield from misplaced(tree, where, name)
        for options, held in misplaced_in_compose(tree, where):
            self._seen[id(options)] = options
            yield held
        if tree.text("kind") == "SeccompProfile" and (spec := tree.get("spec")):
            yield operator_profile(spec, below(where, "spec"), name)
        elif "defaultAction" in members:
            form = "docker" if tree.cut else "yaml"
            reader = RUNC if f".{where}".endswith(".linux.seccomp") else ""
            yield Held(name, where, part=part(tree), form=form, reader=reader)
        else:
            # `crictl inspect` shows what was asked for beside what came of it, with the profile's text.
            spec = tree.get("runtimeSpec")
            done = spec is not None and spec.get("linux") is not None and "config" in members
            for key, member in members.items():
                if done and key == "config":
                    continue
                if key == "services" and isinstance(member.value, dict):
                    yield from self._services(member.value, below(where, key), depth)
                elif key == "content" and tree.text("encoding") in _ENCODINGS:
                    yield from self.search(
                        decoded(tree.text(key), member), below(where, key), name, depth + 1
                    )
                elif key in ("data", "binaryData", "stringData") and tree.text("kind") in _MAPS:
                    encoded = key == "binaryData" or (key == "data" and tree.text("kind") == "Secret")
                    yield from self._config_map(member, below(where, key), name, depth, encoded=encoded)
                else:
                    yield from self._member(key, member, below(where, key), name, depth)

    def _services(self, services: dict[str, Tree], where: str, depth: int) -> Iterator[Held]:
        """The profiles of compose's services."""
        for service, definition in services.items():
            if (alias := definition.text("container_name")) and alias not in services:
                self.aliases[alias] = service
            if extends := extends_of(definition, service, where):
                self.extends.append(extends)
            yield from self.search(definition, f"{where}.{service}", service, depth + 2)

    def _member(self, key: str, member: Tree, path: str, name: str, depth: int) -> Iterator[Held]:
        """The profiles under one key of an object."""
        folded, text = key.lower(), member.value if isinstance(member.value, str) else ""
        cri = folded.replace("_", "") == _CRI_KEY
        if folded in OPTION_KEYS:
            if id(member) not in self._seen:
                yield from self._options(member, path, name)
        elif (folded in _FILE_KEYS or cri) and text:
            yield from self.value(member, text, path, name or key, cri=cri)
        elif folded == "seccompprofile" and (inner := in_base64(member)):
            yield from self._string(inner, path, name, depth)
        elif said := stated(key, member, path, name):
            yield from said.found
            self.off += said.off
            self.default += said.default
            self.annotated += said.annotated
        elif folded == "seccomp" and (encoded := member.text("Profile")):
            yield from self._string(decoded(encoded, member), path, name, depth)
        elif folded == "seccomp" and (mode := member.text("Mode")) in ("unconfined", "default"):
            place = Place(name, path, f"Seccomp.Mode: {mode}", member.line, member.column)
            (self.off if mode == "unconfined" else self.default).append(place)
        else:
            yield from self.search(member, path, name, depth + 1)

    def _config_map(
        self, data: Tree, where: str, name: str, depth: int, *, encoded: bool = False
    ) -> Iterator[Held]:
        members = data.value if isinstance(data.value, dict) else {}
        for key, content in members.items():
            text = content.value if encoded and isinstance(content.value, str) else ""
            member = decoded(text, content) if text else content
            for held in self.search(member, f"{where}.{key}", name, depth + 1):
                several = len(members) > 1
                own = key.removesuffix(".json") if several else held.name
                yield replace(held, reader=held.reader or CONTAINERD, name=own)

    def _options(self, tree: Tree, where: str, name: str) -> Iterator[Held]:
        if fault := not_a_list(tree, where):
            yield Held(name, where, fault=fault)
        items = tree.value if isinstance(tree.value, tuple) else (tree,)
        values = [option_value(item) for item in items]
        for index, (item, value) in enumerate(zip(items, values, strict=True)):
            place = f"{where}[{index}]" if isinstance(tree.value, tuple) else where
            if value is not None:
                # Of several, Docker and Podman heed the last; one that is not filled in yet is a fault all the same.
                if "{{" in value or all(later is None for later in values[index + 1 :]):
                    yield from self.value(item, value, place, name)
            elif fault := option_fault(item, place):
                yield Held(name, place, fault=fault)

    def value(self, tree: Tree, value: str, where: str, name: str, *, cri: bool = False) -> Iterator[Held]:
        """The profile that a value of `--security-opt seccomp=` gives: a file or JSON.

        `cri` is true for a setting in the words of the Container Runtime Interface.
        """
        if cri:
            value = value.removeprefix("localhost/")
        if value in _OFF:
            self.off.append(Place(name, where, f"seccomp={value}", tree.line, tree.column))
        elif value in (_CRI_DEFAULT if cri else _BUILTIN):
            said = f"seccomp={value}, the engine's own"
            self.default.append(Place(name, where, said, tree.line, tree.column))
        elif (
            value.startswith("{{") or ("{{" in value and not value.startswith("{")) or _VALUE.fullmatch(value)
        ):
            fault = ProfileError(f"{where} has a placeholder for its profile", remedy=FILLED_IN)
            yield Held(name, where, fault=fault)
        elif value.startswith("{"):
            yield Held(name, where, part=Part(value).moved(tree.line - 1))
        else:
            yield Held(name, where, file=value)

    def _string(self, tree: Tree, where: str, name: str, depth: int) -> Iterator[Held]:
        text = tree.value if isinstance(tree.value, str) else ""
        self.off += (replace(each, owner=name, where=where) for each in privileged_commands(text, tree))
        flag = next(flagged(text), None)
        option = OPTION.match(text) if text.startswith(("seccomp=", "seccomp:")) else None
        if flag:
            yield from self.value(tree, flag[1], where, name)
        elif option:
            yield from self.value(tree, option["value"], where, name)
        elif text.lstrip()[:1] == "{" and '"' in text and ("defaultAction" in text or "seccomp" in text):
            try:
                inner = read_trees(text)
            except ProfileError:
                self.unread = self.unread or text
                return
            for document in inner:
                for held in self.search(document, where, name, depth + 1):
                    yield replace(held, part=held.part.moved(tree.line - 1) if held.part else None)
