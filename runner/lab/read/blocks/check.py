"""A `check` fence → a check, with its control, its hints and its mutants."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.lab.model.check import (
    Check,
    CheckHint,
    CommandMutant,
    ContainerMutant,
    ContainerProbe,
    Control,
    Expectation,
    FileMutant,
    Mutant,
    Probe,
    Retry,
    TranscriptProbe,
    container_of,
    what_runs,
)
from runner.lab.model.workshop import HOST
from runner.lab.model.workspace import file_name_problem
from runner.lab.read.blocks.container import container_fields, read_settings
from runner.lab.read.blocks.expectation import read_expectation
from runner.lab.read.blocks.probe import read_probe
from runner.lab.read.blocks.typable import typing_obstacle
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fields import Fields

if TYPE_CHECKING:
    from runner.lab.model.container import ContainerSpec
    from runner.lab.read.syntax.source import Source
    from runner.lab.read.syntax.tree import Table

KEYS = (
    "id",
    "describe",
    "probe",
    "expect",
    "reject",
    "control",
    "retry",
    "hints",
    "explain",
    "mutants",
    "precheck",
    "timeout",
)
TIMEOUT = 10.0
"""Seconds for one probe, unless the check says otherwise."""
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_check(
    source: "Source", table: "Table", defaults: "ContainerSpec", line: int, end: int
) -> Check | None:
    """Read a `check` fence; None if it has no usable id or probe."""
    fields = Fields(source, table, "check", KEYS)
    identity = read_id(fields)
    describe = fields.required("describe")
    explain = fields.required("explain")
    probe = read_probe(fields, defaults)
    if probe is None:
        return None
    check = Check(
        id=identity,
        describe=describe,
        probe=probe,
        expect=_expectation(fields, "expect", probe) or Expectation(),
        reject=_expectation(fields, "reject", probe),
        control=_control(fields, probe),
        retry=_retry(fields),
        hints=tuple(_hints(fields, probe)),
        explain=explain,
        mutants=tuple(_mutants(fields, probe)),
        precheck_passes=_precheck(fields),
        timeout=fields.seconds("timeout", TIMEOUT),
        span=source.span(line, end),
    )
    if "expect" not in fields and "reject" not in fields:
        fields.report(Rule.MISSING_KEY, "check needs 'expect' or 'reject': what its probe must show")
    return check if identity else None


def read_id(fields: Fields) -> str:
    """The mapping's `id`; "" after reporting that it has no usable one."""
    identity = fields.required("id")
    if identity and not ID.fullmatch(identity):
        fields.report(Rule.BAD_NAME, f"an id is lower-case letters, digits and '-', not {identity!r}", "id")
        return ""
    return identity


def _expectation(fields: Fields, key: str, probe: Probe) -> Expectation | None:
    table = fields.table(key)
    if table is None:
        return None
    expectation = read_expectation(fields.source, table, key, probe)
    if not table.entries:
        fields.report(Rule.EXPECTATION, f"{key!r} is empty, so that nothing is looked at", key)
    return expectation


def _control(check: Fields, probe: Probe) -> Control | None:
    table = check.table("control")
    if table is None:
        return None
    if not isinstance(what_runs(probe), ContainerProbe):
        check.report(
            Rule.PROBE,
            "only a container probe has a control: the same container, set up differently",
            "control",
        )
        return None
    fields = container_fields(check.source, table, "control", extra=("expect",))
    changes = read_settings(fields)
    if not fields.given - {"expect"}:
        fields.report(Rule.PROBE, "a control changes at least one key of the container")
    if "expect" not in fields:
        fields.report(Rule.MISSING_KEY, "control needs 'expect': what it shows where all is well")
    return Control(changes, _expectation(fields, "expect", probe) or Expectation())


def _retry(check: Fields) -> Retry:
    table = check.table("retry")
    if table is None:
        return Retry()
    fields = Fields(check.source, table, "retry", ("for", "every"))
    if "for" not in fields:
        fields.report(Rule.MISSING_KEY, "retry needs 'for': how many seconds to go on probing")
    return Retry(fields.seconds("for", Retry().seconds), fields.seconds("every", Retry().every))


def _hints(check: Fields, probe: Probe) -> Iterator[CheckHint]:
    for table in check.tables("hints"):
        fields = Fields(check.source, table, "a hint", ("when", "say"))
        when = _expectation(fields, "when", probe) or Expectation()
        yield CheckHint(when, fields.required("say"))


def _mutants(check: Fields, probe: Probe) -> Iterator[Mutant]:
    for table in check.tables("mutants"):
        if "file" in table.entries:
            yield _file_mutant(Fields(check.source, table, "a file mutant", ("file", "content", "why")))
        elif "run" in table.entries:
            yield _command_mutant(Fields(check.source, table, "a command mutant", ("run", "in", "why")))
        else:
            fields = container_fields(check.source, table, "a container mutant", extra=("why",))
            yield _container_mutant(fields, probe)


def _file_mutant(fields: Fields) -> Mutant:
    name = fields.required("file")
    if name and (problem := file_name_problem(name)):
        fields.report(Rule.BAD_NAME, f"{name!r} {problem}", "file")
    if "content" not in fields:
        fields.report(Rule.MISSING_KEY, "a file mutant needs 'content': the near miss")
    return FileMutant(name, fields.text("content"), fields.text("why"), fields.source.span(fields.line))


def _command_mutant(fields: Fields) -> Mutant:
    target, text = fields.text("in", HOST), fields.required("run")
    for line in text.split("\n"):
        if obstacle := typing_obstacle(line):
            fields.report(Rule.BAD_MUTANT, "; ".join(obstacle), "run")
    return CommandMutant(target, text, fields.text("why"), fields.source.span(fields.line))


def _container_mutant(fields: Fields, probe: Probe) -> Mutant:
    changes = read_settings(fields)
    if not container_of(probe) and not isinstance(what_runs(probe), ContainerProbe):
        kind = "a transcript" if isinstance(probe, TranscriptProbe) else "this"
        message = f"{kind} probe has no container to change; a mutant here has 'file' or 'run'"
        fields.report(Rule.BAD_MUTANT, message)
    elif not fields.given - {"why"}:
        fields.report(Rule.BAD_MUTANT, "this mutant changes nothing; give container keys, 'file' or 'run'")
    return ContainerMutant(changes, fields.text("why"), fields.source.span(fields.line))


def _precheck(check: Fields) -> str:
    table = check.table("precheck")
    if table is None:
        return ""
    return Fields(check.source, table, "precheck", ("pass",)).required("pass")
