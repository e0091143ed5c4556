"""Compose keys → a container's settings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runner.lab.model.container import KEYS, ContainerSpec
from runner.lab.model.workshop import HOST, ContainerBlock
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fields import Fields
from runner.lab.read.syntax.tree import Items, Scalar, Table
from runner.suggest import nearest

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_LISTS = ("command", "entrypoint", "cap_add", "cap_drop", "security_opt")
_TEXTS = ("image", "network_mode", "user", "working_dir", "hostname")
_FLAGS = ("read_only", "init", "privileged", "tty")
_OF_THE_HOST = (
    "volumes",
    "ports",
    "devices",
    "pid",
    "ipc",
    "uts",
    "userns_mode",
    "volumes_from",
    "cgroup_parent",
)
_OPTIONS = ("seccomp", "apparmor", "no-new-privileges", "label", "systempaths", "writable-cgroups")
_SIZE = re.compile(r"([1-9][0-9]{0,12})([bkmg]?)b?", re.IGNORECASE)
_SMALLEST_MEMORY, _LARGEST_MEMORY = 6 * 2**20, 2**50
_MOST_PROCESSES = 2**22
"""The most that the kernel takes as a limit of processes."""
_CAPABILITIES = ("cap_add", "cap_drop")
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}")


def read_container_block(
    source: "Source", table: Table, defaults: ContainerSpec, line: int, end: int
) -> ContainerBlock | None:
    """Read a `container` fence; None if it has no usable name."""
    fields = container_fields(source, table, "container", extra=("name", "starts"))
    spec = defaults.overridden(read_settings(fields))
    name = fields.required("name")
    if not name:
        return None
    if not NAME.fullmatch(name) or name == HOST:
        why = "is the learner's own console" if name == HOST else "must be letters, digits, '_', '.' and '-'"
        fields.report(Rule.BAD_NAME, f"a container's name {why}: {name!r}", "name")
        return None
    return ContainerBlock(name, spec, fields.flag("starts", default=True), source.span(line, end))


def container_fields(source: "Source", table: Table, where: str, *, extra: Iterable[str] = ()) -> Fields:
    """A mapping with container keys and `extra` ones; keys that reach for the host are reported as such."""
    refused = [key for key in _OF_THE_HOST if key in table.entries]
    for key in refused:
        message = (
            f"{key!r} in {where}: labs share nothing with the host; put files into the image or the workspace"
        )
        source.report(Rule.HOST_ACCESS, message, table.lines[key])
    lines = {key: line for key, line in table.lines.items() if key not in refused}
    return Fields(source, Table(table.entries, lines, table.line), where, (*KEYS, *extra))


def read_settings(fields: Fields) -> Mapping[str, Any]:
    """The given settings, by `ContainerSpec`'s names and types, after reporting faults."""
    settings: dict[str, Any] = {}
    settings |= {key: fields.texts(key) for key in _LISTS if key in fields}
    settings |= {key: fields.text(key) for key in _TEXTS if key in fields}
    settings |= {key: fields.flag(key) for key in _FLAGS if key in fields}
    if "tmpfs" in fields:
        settings["tmpfs"] = fields.texts("tmpfs", single=True)
    if "pids_limit" in fields:
        settings["pids_limit"] = fields.integer(
            "pids_limit", ContainerSpec().pids_limit, least=1, most=_MOST_PROCESSES
        )
    if "mem_limit" in fields:
        settings["mem_limit"] = _memory(fields)
    if "environment" in fields:
        settings["environment"] = _environment(fields)
    _check_settings(fields, settings)
    # Docker takes them in any case; what reads a container's settings compares them as they are.
    settings |= {key: tuple(map(str.upper, settings[key])) for key in _CAPABILITIES if key in settings}
    return settings


def _memory(fields: Fields) -> int:
    text = fields.text("mem_limit")
    size = _SIZE.fullmatch(text)
    number = int(size[1]) << {"": 0, "b": 0, "k": 10, "m": 20, "g": 30}[size[2].casefold()] if size else 0
    if text and not _SMALLEST_MEMORY <= number <= _LARGEST_MEMORY:
        message = f"'mem_limit' must be a size from 6m to {_LARGEST_MEMORY >> 30}g, like 64m, not {text!r}"
        fields.report(Rule.BAD_VALUE, message, "mem_limit")
    return min(max(number, _SMALLEST_MEMORY), _LARGEST_MEMORY)


def _environment(fields: Fields) -> Mapping[str, str]:
    node = fields.node("environment")
    if isinstance(node, Table):
        known = Fields(fields.source, node, "environment", node.entries)
        for key in node.entries:
            if not key or "=" in key:
                known.report(Rule.BAD_VALUE, f"'environment' has names without '=', not {key!r}", key)
        return {key: known.text(key) for key in node.entries}
    if isinstance(node, Items):
        pairs = [text.partition("=") for text in fields.texts("environment")]
        for key, equals, _ in pairs:
            if not key or not equals:
                fields.report(Rule.BAD_VALUE, f"'environment' holds NAME=VALUE, not {key!r}", "environment")
        return {key: value for key, _, value in pairs}
    if not isinstance(node, Scalar) or node.kind != "null":
        fields.report(
            Rule.WRONG_TYPE, "'environment' must be a mapping or a list of NAME=VALUE", "environment"
        )
    return {}


def capability_problem(name: str) -> str:
    """The reason why a name stands for no capability; "" if it does, with or without `CAP_`, in any case."""
    from runner.profile.capabilities import ALL_CAPABILITIES, capability_name  # noqa: PLC0415 - few labs name one

    full = capability_name(name)
    if full in ALL_CAPABILITIES:
        return ""
    close = nearest(full, ALL_CAPABILITIES)
    hint = f" (did you mean {close.removeprefix('CAP_')!r}?)" if close else ", like CHOWN"
    return f"{name!r} is not a capability{hint}"


def _paths(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The paths in a container, each with its key."""
    if settings.get("working_dir"):
        yield "working_dir", settings["working_dir"]
    yield from (("tmpfs", entry.partition(":")[0]) for entry in settings.get("tmpfs", ()))


def _check_settings(fields: Fields, settings: Mapping[str, Any]) -> None:
    for key in _CAPABILITIES:
        for name in settings.get(key, ()):
            if name.upper() != "ALL" and (problem := capability_problem(name)):
                fields.report(Rule.BAD_VALUE, f"{problem} in {key!r}", key)
    for key, path in _paths(settings):
        if not path.startswith("/"):
            fields.report(
                Rule.BAD_VALUE, f"{key!r} must be a path from the root on, like /tmp, not {path!r}", key
            )
    for option in settings.get("security_opt", ()):
        _check_option(fields, option)
    if "image" in settings and not settings["image"].strip():
        fields.report(Rule.EMPTY_TEXT, f"'image' in {fields.where} is empty", "image")
    network = settings.get("network_mode", "")
    if network == "host" or network.startswith("container:"):
        fields.report(
            Rule.HOST_ACCESS, f"network_mode {network!r}: labs share nothing with the host", "network_mode"
        )


def _check_option(fields: Fields, option: str) -> None:
    key, equals, value = option.partition("=")
    if key not in _OPTIONS:
        if ":" in key:
            hint = "; write it with '=', like seccomp=unconfined"
        else:
            close = nearest(key, _OPTIONS)
            hint = f" (did you mean {close!r}?)" if close else f"; known: {', '.join(_OPTIONS)}"
        fields.report(Rule.BAD_VALUE, f"unknown security option {option!r}{hint}", "security_opt")
    elif key == "seccomp" and not value:
        fields.report(
            Rule.BAD_VALUE, "'seccomp' needs a value: a profile's path, or 'unconfined'", "security_opt"
        )
    elif equals and not value:
        fields.report(Rule.BAD_VALUE, f"security option {option!r} has no value", "security_opt")
