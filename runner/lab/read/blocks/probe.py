"""The `probe` of a check → a probe value."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, get_args

from runner.errors import UsageError
from runner.lab.model.check import (
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    FileProbe,
    HostProbe,
    Probe,
    ProfileProbe,
    TraceProbe,
    TranscriptProbe,
)
from runner.lab.model.workshop import HOST
from runner.lab.model.workspace import file_name_problem
from runner.lab.read.blocks.container import capability_problem, container_fields, read_settings
from runner.lab.read.blocks.regex import regex_problem
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fields import Fields
from runner.lab.read.syntax.tree import Items, Table

if TYPE_CHECKING:
    from runner.lab.model.container import ContainerSpec

_VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}")


def read_probe(check: Fields, defaults: "ContainerSpec") -> Probe | None:
    """The check's probe; None after reporting the reason why there is none."""
    if "probe" not in check:
        check.report(Rule.MISSING_KEY, f"check needs 'probe': one of {', '.join(_READERS)}")
        return None
    table = check.table("probe")
    if table is None:
        return None
    fields = Fields(check.source, table, "probe", _READERS)
    kinds = [kind for kind in _READERS if kind in fields]
    if not kinds and table.entries:
        return None
    if len(kinds) != 1:
        given = " and ".join(kinds) or "nothing"
        check.report(Rule.PROBE, f"a probe is one of {', '.join(_READERS)}, not {given}", "probe")
        return None
    return _READERS[kinds[0]](fields, defaults)


def read_capabilities(fields: Fields, key: str) -> str:
    """`all`, `default`, `none`, or names without `CAP_`, sorted and joined by commas; "" if absent."""
    if isinstance(fields.node(key), Items):
        from runner.profile.capabilities import short_name  # noqa: PLC0415 - few probes list any

        names = fields.texts(key)
        if [name.upper() for name in names] == ["ALL"]:
            return "all"
        for name in names:
            if problem := capability_problem(name):
                fields.report(Rule.BAD_VALUE, f"{problem} in {key!r}", key)
        return ",".join(sorted(set(map(short_name, names)))) or "none"
    written = fields.text(key)
    text = written.lower()
    if key in fields and text not in {"all", "default", "none"}:
        message = f"{key!r} must be all, default, none or a list of capabilities, not {written!r}"
        fields.report(Rule.BAD_VALUE, message, key)
    return text


def _container(fields: Fields, defaults: "ContainerSpec") -> ContainerProbe | None:
    table = fields.table("container")
    if table is None:
        return None
    settings = read_settings(container_fields(fields.source, table, "a container probe"))
    spec = defaults.overridden(settings)
    if not spec.command and not spec.entrypoint:
        fields.report(
            Rule.MISSING_KEY, "a container probe needs 'command': what it runs to its end", "container"
        )
    return ContainerProbe(spec)


def _exec(fields: Fields, _: "ContainerSpec") -> Probe | None:
    inner = _inner(fields, "exec", ("in", "run", "user"))
    return _exec_of(inner) if inner else None


def _exec_of(fields: Fields) -> ExecProbe:
    return ExecProbe(fields.required("in"), _argv(fields, "run"), fields.text("user"))


def _trace(fields: Fields, defaults: "ContainerSpec") -> Probe | None:
    inner = _inner(fields, "trace", ("container", "in", "run", "user"))
    if inner is None:
        return None
    if "container" not in inner:
        return TraceProbe(_exec_of(inner))
    for key in sorted(inner.given - {"container"}):
        inner.report(Rule.PROBE, f"a trace probe has either 'container' or {key!r}", key)
    runs = _container(inner, defaults)
    return TraceProbe(runs) if runs else None


def _host(fields: Fields, _: "ContainerSpec") -> Probe | None:
    return HostProbe(_argv(fields, "host"))


def _engine(fields: Fields, _: "ContainerSpec") -> Probe | None:
    inner = _inner(fields, "engine", ("container",))
    return EngineProbe(inner.required("container")) if inner else None


def _profile(fields: Fields, _: "ContainerSpec") -> Probe | None:
    inner = _inner(fields, "profile", ("file", "syscall", "args", "caps", "arch", "engine"))
    if inner is None:
        return None
    args = inner.texts("args")
    caps = read_capabilities(inner, "caps") or "all"
    _check_call(inner, args)
    return ProfileProbe(
        file=_file_name(inner, "file"),
        syscall=inner.required("syscall"),
        args=args,
        caps=caps,
        arch=inner.text("arch"),
        engine=_version(inner, "engine"),
    )


def _check_call(fields: Fields, args: Sequence[str]) -> None:
    """Report a system call, an architecture or an argument that does not exist anywhere."""
    from runner.profile.calls.constants import argument  # noqa: PLC0415 - few checks need it
    from runner.profile.calls.groups import KNOWN  # noqa: PLC0415 - as above
    from runner.profile.calls.syscalls import MAX_ARGS, arch, find  # noqa: PLC0415 - as above

    abi = arch("amd64")
    with _reported(fields, "arch"):
        abi = arch(fields.text("arch") or abi.go)
    name = fields.text("syscall").strip()
    # Without an architecture it is the engine's, which may have the calls of any.
    if name and name not in KNOWN:
        with _reported(fields, "syscall"):
            find(name, abi)
    if len(args) > MAX_ARGS:
        fields.report(Rule.BAD_VALUE, f"a system call takes at most {MAX_ARGS} arguments", "args")
    for text in args:
        with _reported(fields, "args"):
            argument(text, abi)


@contextmanager
def _reported(fields: Fields, key: str) -> Iterator[None]:
    """Report a value that is refused, in one line."""
    try:
        yield
    except UsageError as error:
        fields.report(Rule.BAD_VALUE, "; ".join(filter(None, (str(error), error.remedy))), key)


def _file(fields: Fields, _: "ContainerSpec") -> Probe | None:
    return FileProbe(_file_name(fields, "file"))


def _transcript(fields: Fields, _: "ContainerSpec") -> Probe | None:
    inner = _inner(fields, "transcript", ("in", "command"))
    if inner is None:
        return None
    command = inner.required("command")
    if problem := regex_problem(command):
        inner.report(Rule.BAD_REGEX, problem, "command")
    return TranscriptProbe(inner.text("in", HOST), command)


def _version(fields: Fields, key: str) -> str:
    text = fields.text(key)
    if text and not _VERSION.fullmatch(text):
        fields.report(Rule.BAD_VALUE, f"{key!r} must be a version like 20.10.9, not {text!r}", key)
    return text


_KINDS: dict[type, tuple[str, Callable[[Fields, "ContainerSpec"], Probe | None]]] = {
    ContainerProbe: ("container", _container),
    ExecProbe: ("exec", _exec),
    HostProbe: ("host", _host),
    EngineProbe: ("engine", _engine),
    ProfileProbe: ("profile", _profile),
    FileProbe: ("file", _file),
    TranscriptProbe: ("transcript", _transcript),
    TraceProbe: ("trace", _trace),
}
"""The reader of each kind of probe, by its name in a lab."""

_READERS = dict(_KINDS.values())

assert set(_KINDS) == set(get_args(Probe)), "_KINDS has an entry for each kind of probe"


def _inner(fields: Fields, kind: str, known: tuple[str, ...]) -> Fields | None:
    table: Table | None = fields.table(kind)
    article = "an" if kind[0] in "e" else "a"
    return Fields(fields.source, table, f"{article} {kind} probe", known) if table else None


def _argv(fields: Fields, key: str) -> tuple[str, ...]:
    argv = fields.texts(key)
    if key not in fields:
        fields.report(
            Rule.MISSING_KEY, f"{fields.where} needs {key!r}: a program and its arguments, as a list"
        )
    elif isinstance(node := fields.node(key), Items) and not node.nodes:
        fields.report(Rule.EMPTY_TEXT, f"{key!r} in {fields.where} is empty", key)
    elif argv and not argv[0].strip():
        fields.report(Rule.EMPTY_TEXT, f"the program of {key!r} in {fields.where} is empty", key)
    return argv


def _file_name(fields: Fields, key: str) -> str:
    name = fields.required(key)
    if name and (problem := file_name_problem(name)):
        fields.report(Rule.BAD_NAME, f"{name!r} {problem}", key)
    return name
