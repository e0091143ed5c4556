"""Finds profiles in the values of a document."""

import re
from collections.abc import Iterator
from dataclasses import replace

from runner.profile.docker_conditions import CONTAINERD, RUNC
from runner.profile.errors import ProfileError
from runner.profile.holders.carrier import carried_by
from runner.profile.holders.compose.references import Extends, extends_of, unescaped
from runner.profile.holders.dialects import FILLED_IN
from runner.profile.holders.encoded import decoded, in_address, in_base64
from runner.profile.holders.found import Container, Held, Place
from runner.profile.holders.kubernetes import stated
from runner.profile.holders.misplaced import misplaced, misplaced_in_compose
from runner.profile.holders.objects import is_schema, name_of
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
from runner.profile.holders.settings import flagged, privileged_commands
from runner.profile.holders.tree import Tree, read_trees
from runner.profile.holders.unnamed import container_of

_OFF = frozenset(("unconfined", ""))
_BUILTIN = frozenset(("builtin",))
"""What asks Docker for its own default."""
_CRI_DEFAULT = frozenset(("runtime/default", "docker/default"))
"""What asks a runtime of Kubernetes for its own default, in the words of the Container Runtime Interface."""
_CRI_KEY = "seccompprofilepath"
_FILE_KEYS = frozenset(("seccomp-profile", _CRI_KEY))
_ENCODINGS = frozenset(("b64", "base64"))
"""The words of cloud-init for a file's content in base64."""
_MAPS = frozenset(("ConfigMap", "Secret"))
_VALUE = re.compile(r"\{[\w.()]+\}")
"""A value that a program puts in, such as Python's `f"seccomp={profile}"`."""
_SERVICES = "services"
_DEEPEST = 40


_PART = Tree(None, 1, 1)
"""In the place of a document that is not the whole file."""


class Finder:
    """Finds the profiles in one document of a file, and what else it says of seccomp.

    `file` is the file's name, "" if it is not known; `compose` is true for a document of a compose file.
    """

    def __init__(self, file: str = "", *, compose: bool = False) -> None:
        self.file = file
        self.compose = compose
        self.found: list[Held] = []
        self.off: list[Place] = []
        self.default: list[Place] = []
        self.containers: list[Container] = []
        self.aliases: dict[str, str] = {}
        """The services by the names of their containers."""
        self.several = False
        """True for a file with several objects, whose containers are told apart by their pods."""
        self.extends: list[Extends] = []
        self.annotated: list[Place] = []
        self.services: list[str] = []
        """The paths of compose's services."""
        self.privileged: list[str] = []
        """The paths of those that have this key."""
        self.cleared: list[str] = []
        """The paths whose values elsewhere do not count, by Compose's tags."""
        self.unread = ""
        """The text of a profile that cannot be read."""
        self._seen: dict[int, Tree] = {}
        self._root = _PART

    def document(self, root: Tree, place: str) -> None:
        """Find what a document says; `place` is its path in the file."""
        # No program takes a file of several documents for one profile.
        self._root = _PART if place else root
        self.found += self._search(root, place, "", 0)

    def _search(self, tree: Tree, where: str, name: str, depth: int) -> Iterator[Held]:
        """Find the profiles in a value; each value is searched once, however often the file refers to it."""
        if depth > _DEEPEST or id(tree) in self._seen or is_schema(tree):
            return
        self._seen[id(tree)] = tree
        self.cleared += (below(where, key) for key in tree.cleared)
        if isinstance(tree.value, dict):
            own = name_of(tree)
            if own and name and self.several and is_of_pod(where):
                own = f"{name}/{own}"
            yield from self._mapping(tree, where, own or name, depth)
        elif isinstance(tree.value, tuple):
            for index, item in enumerate(tree.value):
                yield from self._search(item, f"{where}[{index}]", name, depth + 1)
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
            path = below(where, "spec")
            yield replace(operator_profile(spec, path, name), carried=carried_by(self._root, path))
        elif "defaultAction" in members:
            form = "docker" if tree.cut else "yaml"
            reader = RUNC if f".{where}".endswith(".linux.seccomp") else ""
            carried = carried_by(self._root, where)
            yield Held(name, where, part=part(tree), form=form, reader=reader, carried=carried)
        else:
            # `crictl inspect` shows what was asked for beside what came of it, with the profile's text.
            spec = tree.get("runtimeSpec")
            done = spec is not None and spec.get("linux") is not None and "config" in members
            for key, member in members.items():
                if done and key == "config":
                    continue
                if key == _SERVICES and isinstance(member.value, dict):
                    yield from self._services(member.value, below(where, key), depth)
                elif key == "content" and tree.text("encoding") in _ENCODINGS:
                    yield from self._content(member, below(where, key), name, depth)
                elif key in ("data", "binaryData", "stringData") and tree.text("kind") in _MAPS:
                    encoded = key == "binaryData" or (key == "data" and tree.text("kind") == "Secret")
                    yield from self._config_map(member, below(where, key), name, depth, encoded=encoded)
                else:
                    yield from self._member(key, member, below(where, key), name, depth)

    def _services(self, services: dict[str, Tree], where: str, depth: int) -> Iterator[Held]:
        """The profiles of compose's services."""
        for service, definition in services.items():
            path = f"{where}.{service}"
            alias = definition.text("container_name")
            if (alias := unescaped(alias) or alias) and alias not in services:
                self.aliases[alias] = service
            if extends := extends_of(definition, service, where, self.file):
                self.extends.append(extends)
            self.services.append(path)
            if definition.get("privileged") is not None:
                self.privileged.append(path)
            if self.compose and where == _SERVICES:
                # One that is another's by an alias is a service of its own.
                self._seen.pop(id(definition), None)
            yield from self._search(definition, path, service, depth + 2)

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
            yield from self._search(member, path, name, depth + 1)

    def _content(self, member: Tree, path: str, name: str, depth: int) -> Iterator[Held]:
        """The profiles in a file's content in base64: cloud-init lists files, a forge answers with a single one."""
        text = member.value if isinstance(member.value, str) else ""
        for held in self._search(decoded(text, member), path, name, depth + 1):
            answer = path == "content"
            yield replace(held, carried=carried_by(self._root, path) if answer else None)

    def _config_map(
        self, data: Tree, where: str, name: str, depth: int, *, encoded: bool = False
    ) -> Iterator[Held]:
        members = data.value if isinstance(data.value, dict) else {}
        for key, content in members.items():
            text = content.value if encoded and isinstance(content.value, str) else ""
            member = decoded(text, content) if text else content
            for held in self._search(member, f"{where}.{key}", name, depth + 1):
                several = len(members) > 1
                own = key.removesuffix(".json") if several else held.name
                yield replace(held, reader=held.reader or CONTAINERD, name=own)

    def _options(self, tree: Tree, where: str, name: str) -> Iterator[Held]:
        if fault := not_a_list(tree, where, compose=self.compose):
            yield Held(name, where, fault=fault)
            return
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
        plain = unescaped(value) if self.compose else None
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
            yield Held(name, where, part=Part(plain or value).moved(tree.line - 1))
        else:
            yield Held(name, where, file=plain or value, literal=plain is not None)

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
                for held in self._search(document, where, name, depth + 1):
                    moved = held.part.moved(tree.line - 1) if held.part else None
                    yield replace(held, part=moved, carried=None)
