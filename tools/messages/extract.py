"""Finds the texts that the program shows in its source.

What is shown is an argument of `tr`, `trn` or `Loss`, what a binding or a mark says, what an action's first line says
of it (the help and the palette show that), and the constants that are translated where they are shown.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    *(
        "runner/tui",
        "runner/instructor",
        "runner/teaching",
        "runner/learner",
        "runner/lab/model",
        "runner/check",
        "runner/stage",
        "runner/shell",
        "runner/engine",
        "runner/paths.py",
    ),
    *("runner/profile", "runner/trace", "runner/errors.py"),
    *("runner/classroom", "runner/web", "runner/hub", "runner/cli/teach", "runner/report/course"),
)
_CALLS = {"tr": 1, "trn": 2, "Loss": 2}
_CONSTANTS = {
    "runner/paths.py": ("Kind", "_WORDS"),
    "runner/engine/private/exit_reason.py": ("_FREE_MEMORY", "_FREE_PROCESSES"),
    "runner/engine/private/failures.py": ("_CAUSES",),
    "runner/engine/private/control/starting.py": ("AGAIN",),
    "runner/engine/addresses.py": ("_KINDS",),
    "runner/engine/discovery.py": ("_EXAMINE", "_ANOTHER"),
    "runner/engine/docker/removal.py": ("HANGING",),
    "runner/check/observation.py": ("REFUSALS", "_FACTS", "_VALUES"),
    "runner/tui/keys/names.py": ("_NAMES",),
    "runner/tui/keys/usual.py": ("USUAL", "MARKING"),
    "runner/tui/screens/ending.py": ("_NEXT",),
    "runner/tui/screens/help.py": ("_INTRODUCTION",),
    "runner/tui/screens/picker_text.py": ("ABOUT_SANDBOX",),
    "runner/tui/widgets/status.py": ("_ISOLATION",),
    "runner/tui/widgets/launcher.py": ("_ENGINES_OWN", "_NONE"),
    "runner/tui/marks.py": ("LEGEND",),
    "runner/learner/session/busy.py": ("_WAYS",),
    "runner/instructor/overview.py": ("_DOORS",),
    "runner/report/course/html.py": ("_STEP_COLUMNS", "_LEARNER_COLUMNS", "_FAILURE_COLUMNS"),
    "runner/report/course/text.py": ("_STEP_COLUMNS", "_LEARNER_COLUMNS"),
    "runner/instructor/table.py": ("_HEADINGS",),
    "runner/learner/sandbox.py": ("Capabilities",),
    "runner/profile/calls/groups.py": ("GROUPS",),
    "runner/profile/filter/effective.py": ("_WORDS",),
    "runner/profile/filter/simulate.py": ("_WORDS",),
    "runner/profile/filter/endless.py": ("_LOOP", "_FIRST", "_FEWER"),
    "runner/profile/lint/bypass.py": ("_PASSES_DENIAL", "_PASSES_PERMISSION", "_UNDEFINED", "_SHADOWED"),
    "runner/profile/lint/names/in_selectors.py": ("_CAPABILITY", "_ARCHITECTURE"),
    "runner/profile/lint/start.py": ("_SAME_CONDITION",),
    "runner/profile/source/json_fault.py": ("_ARRAY", "_OBJECT"),
    "runner/profile/views/explain.py": ("_OUTCOMES", "_CAUSES"),
    "runner/trace/live.py": ("_CAUSES", "_UNKNOWN_CALLS"),
}


@cache
def texts() -> dict[str, list[tuple[str, int]]]:
    """Each text with its places, in the order of the files."""
    found: dict[str, list[tuple[str, int]]] = {}
    for package in PACKAGES:
        place = ROOT / package
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            name = str(path.relative_to(ROOT))
            for text, line in _texts(ast.parse(path.read_text(encoding="utf-8")), name):
                if any(character.isalpha() for character in text):
                    found.setdefault(text, []).append((name, line))
    return found


def _texts(tree: ast.Module, name: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="tr" | "trn" | "Loss" as function), args=args):
                yield from _strings(*args[: _CALLS[function]])
            case ast.Call(func=ast.Name(id="Binding"), args=[_, _, described, *_]):
                yield from _strings(described)
            case ast.Call(func=ast.Name(id="Mark"), args=[symbol, _, meaning]):
                # One letter is a mark, not a word.
                yield from (found for found in _strings(symbol) if len(found[0]) > 1)
                yield from _strings(meaning)
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name.startswith("action_"):
                if about := ast.get_docstring(node):
                    yield about.splitlines()[0].rstrip("."), node.lineno
            case (
                ast.Assign(targets=[ast.Name(id=constant)], value=value)
                | ast.AnnAssign(target=ast.Name(id=constant), value=ast.expr() as value)
            ) if constant in _CONSTANTS.get(name, ()):
                yield from _strings(*_shown(value))
            case ast.ClassDef() if node.name in _CONSTANTS.get(name, ()):
                values = [one.value for one in node.body if isinstance(one, ast.Assign)]
                yield from _strings(*values)


def _shown(value: ast.expr) -> Iterator[ast.expr]:
    """The texts of a constant that are shown: a text, the values of a mapping, the last part of each pair of texts.

    Of a group of calls that is its title.
    """
    match value:
        case ast.Dict(keys=keys, values=values):
            for key, one in zip(keys, values, strict=True):
                # `**dict.fromkeys(names, text)`
                yield one.args[-1] if key is None and isinstance(one, ast.Call) else one
        case ast.Tuple(elts=[ast.Constant() as first, last]):
            yield last if isinstance(last, ast.Constant) else first
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from _shown(part)
        case ast.Call(func=ast.Name(id="_group"), args=[_, title, _]):
            yield title
        case _:
            yield value


def _strings(*nodes: ast.AST) -> Iterator[tuple[str, int]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno
        elif isinstance(node, ast.IfExp):
            yield from _strings(node.body, node.orelse)
