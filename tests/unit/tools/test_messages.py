"""The catalogues have every text that the program shows, translated, and are compiled."""

import ast
import re
from collections.abc import Iterator

import pytest

from runner import language
from runner.profile.calls.groups import KNOWN
from tools.messages.catalogue import compiled, folder, missing, updated
from tools.messages.extract import ROOT, texts

PLACES = re.compile(r"\{\w+\}")
PROSE = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}")
SHOWN_BY_THE_APP = (
    "runner/profile/lint",
    "runner/profile/calls/call.py",
    "runner/profile/calls/constants.py",
    "runner/profile/calls/groups.py",
    "runner/profile/calls/syscalls.py",
    "runner/profile/conditional.py",
    "runner/profile/edit.py",
    "runner/profile/errors.py",
    "runner/profile/filter/attribution.py",
    "runner/profile/filter/building.py",
    "runner/profile/filter/effective.py",
    "runner/profile/filter/endless.py",
    "runner/profile/history/runtime.py",
    "runner/profile/history/runtime_needs.py",
    "runner/profile/libseccomp.py",
    "runner/profile/resolve.py",
    "runner/profile/source",
    "runner/profile/views/explain.py",
    "runner/profile/views/selector.py",
    "runner/profile/views/verdicts.py",
    "runner/trace/denial.py",
    "runner/trace/in_force.py",
    "runner/trace/live.py",
    "runner/trace/own_seccomp.py",
)
"""The files whose sentences are shown in a lab: by Watch, the editor, and the answers on profiles."""
COMMAND_LINE_ONLY = {
    "runner/profile/lint/__init__.py",  # Which rules a command names.
    "runner/profile/lint/report.py",
    "runner/profile/source/oci.py",
}


@pytest.fixture(params=language.known())
def known(request):
    yield request.param
    language.use("")


def test_the_catalogue_matches_the_tools_output(known):
    """`make messages` brings it up to date."""
    assert (folder(known) / "workshop.po").read_bytes() == updated(known)
    assert (folder(known) / "workshop.mo").read_bytes() == compiled(updated(known), known)


def test_nothing_is_left_untranslated(known):
    assert missing(updated(known), known) == []


def test_a_translation_has_the_same_places_for_values(known):
    language.use(known)
    for text in texts():
        said = language.tr(text)
        assert sorted(PLACES.findall(said)) == sorted(PLACES.findall(text)), text
        assert (said[0] == " ", said[-1] in " \n") == (text[0] == " ", text[-1] in " \n"), text


def test_shown_texts_are_found_in_the_source():
    found = texts()
    for text in (
        "There is no engine",  # an argument
        "Show one more hint",  # what an action does
        "Launch",  # a binding
        "holds; until all of them do, a later change can undo it",  # a mark
        "A check",  # what is marked
        "{number} hints",  # a plural
        "all capabilities",  # a value
        "Ctrl-X, then n",  # of a mapping
        "begins a workshop of your own",  # of a pair
    ):
        assert text in found
    assert "nano" not in found


def test_a_catalogue_does_not_say_when_it_was_made(known):
    """A file that is written anew is the same."""
    made = compiled(updated(known), known)
    assert b"Content-Type: text/plain; charset=utf-8" in made
    assert b"Date" not in made[: made.index(b"Content-Type")].rsplit(b"\0", 1)[-1]


def test_sentences_that_the_app_shows_can_be_translated():
    """Each stands whole in a `tr`, or in a constant that is translated where it is shown."""
    known = texts()
    left = [
        f"{path}:{line}: {text}"
        for path in _shown_files()
        for text, line in _prose(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if text not in known and not set(text.split()) <= KNOWN
    ]
    assert left == []


def _shown_files() -> Iterator[str]:
    for name in SHOWN_BY_THE_APP:
        place = ROOT / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            if (relative := str(path.relative_to(ROOT))) not in COMMAND_LINE_ONLY:
                yield relative


def _prose(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The texts with two words in a row, without docstrings and the explanations of lint rules, which no app shows."""
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as described):
                silent.add(described)
            case ast.Call(func=ast.Name(id="LintRule"), args=[*_, explanation]):
                silent.add(explanation)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in silent:
            text = node.value
            if isinstance(text, str) and PROSE.search(text):
                yield text, node.lineno
