"""YAML text → a tree whose lines are those of the file around it.

PyYAML's composer is recursive C without a depth limit, and shares the target of an alias, so deep nesting and aliases
are refused before it runs.
"""

from typing import TYPE_CHECKING

import yaml

from runner.lab.read.rules import Rule
from runner.lab.read.syntax.tree import NUL, Items, Kind, Node, Scalar, Table
from runner.yaml_nesting import first_refused, may_nest_deep

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_DEPTH = 50
_TAG = "tag:yaml.org,2002:"
_COLLECTIONS = (f"{_TAG}seq", f"{_TAG}map")
_KINDS: dict[str, Kind] = {
    f"{_TAG}str": "str",
    f"{_TAG}int": "int",
    f"{_TAG}float": "float",
    f"{_TAG}bool": "bool",
    f"{_TAG}null": "null",
    f"{_TAG}timestamp": "str",
    f"{_TAG}merge": "str",
    f"{_TAG}value": "str",
}


def parse_yaml(source: "Source", text: str, first_line: int) -> Node | None:
    """Read the YAML document at line `first_line` of `source`; None after reporting why it cannot be read."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _suspicious(text) and not _harmless(source, text, first_line, loader):
            return None
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        source.report(Rule.BAD_YAML, f"not valid YAML: {_reason(error)}", line)
        return None
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        source.report(Rule.BAD_YAML, f"not valid YAML: {error.reason}", line)
        return None
    except UnicodeEncodeError:
        source.report(Rule.BAD_YAML, "not valid YAML: a lone surrogate", first_line)
        return None
    if root is None:
        return Table({}, {}, first_line)
    return _Builder(source, first_line).build(root)


def _reason(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.problem, error.context) if part]
    reason = ", ".join(parts).replace("found undefined alias", "aliases are not supported")
    return f"{reason} (indent with spaces)" if "tab" in reason or "'\\t'" in reason else reason


def _suspicious(text: str) -> bool:
    return "*" in text or "&" in text or may_nest_deep(text)


def _harmless(source: "Source", text: str, first_line: int, loader: type) -> bool:
    refused = first_refused(text, loader, most_levels=_DEPTH, aliases=False)
    if refused is None:
        return True
    line = first_line + (refused.start_mark.line if refused.start_mark else 0)
    reason = (
        "YAML aliases are not supported; write the value out"
        if isinstance(refused, yaml.AliasEvent)
        else f"nested more than {_DEPTH} levels deep"
    )
    source.report(Rule.BAD_YAML, reason, line)
    return False


class _Builder:
    def __init__(self, source: "Source", first_line: int) -> None:
        self._source = source
        self._first = first_line

    def build(self, node: yaml.Node, depth: int = 0) -> Node | None:
        line = self._first + node.start_mark.line
        if depth > _DEPTH:
            self._source.report(Rule.BAD_YAML, f"nested more than {_DEPTH} levels deep", line)
            return None
        if node.tag not in (_KINDS if isinstance(node, yaml.ScalarNode) else _COLLECTIONS):
            self._source.report(Rule.BAD_YAML, f"the YAML tag {node.tag} is not supported", line)
            return None
        if isinstance(node, yaml.ScalarNode):
            if "\0" in node.value:
                self._source.report(Rule.BAD_VALUE, NUL, line)
                return None
            return Scalar(node.value, _KINDS[node.tag], line)
        if isinstance(node, yaml.SequenceNode):
            children = (self.build(item, depth + 1) for item in node.value)
            return Items([child for child in children if child is not None], line)
        return self._table(node, line, depth)

    def _table(self, node: yaml.Node, line: int, depth: int) -> Table:
        table = Table({}, {}, line)
        for key, value in node.value:
            key_line = self._first + key.start_mark.line
            if isinstance(key, yaml.ScalarNode) and "\0" in key.value:
                self._source.report(Rule.BAD_VALUE, NUL, key_line)
                continue
            if not isinstance(key, yaml.ScalarNode):
                self._source.report(Rule.WRONG_TYPE, "a key must be a word", key_line)
                continue
            if key.value in table.entries:
                first = table.lines[key.value]
                self._source.report(
                    Rule.DUPLICATE_KEY, f"{key.value!r} is given twice, first in line {first}", key_line
                )
                continue
            child = self.build(value, depth + 1)
            if child is not None:
                table.entries[key.value] = child
                table.lines[key.value] = key_line
        return table
