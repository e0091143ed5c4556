"""Lint: texts in other languages match the current original, and none is missing."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from runner.lab.model.span import Problem, Severity, Span
from runner.lab.model.texts import Put
from runner.lab.model.workshop import Workshop
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.source import Source, load
from runner.lab.read.translation import UNTRANSLATED, Text, languages, originals, pages, read_texts
from runner.paths import Kind, look

_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def lint_translations(workshop: Workshop) -> Iterator[Problem]:
    """Report texts whose original has changed or gone, texts whose code differs, and the number of missing ones."""
    known = dict(pages(workshop))
    for language in languages(workshop.path):
        folder = workshop.path / language
        for path in sorted(folder.glob("*.md")):
            if path.name not in known:
                message = f"nothing of the workshop is called {path.name!r}"
                yield Problem(Span(path, 1, 1), Rule.STALE_TRANSLATION, message, "", Severity.WARNING)
        for name, through in known.items():
            yield from _lint_page(folder / name, through, language)


def _lint_page(path: Path, through: Callable[[Put], object], language: str) -> Iterator[Problem]:
    current = originals(through)
    source, texts = _read(path)
    missing = 0
    for identity, original in current.items():
        text = texts.get(identity)
        if text is None or not text.text or text.made_from == UNTRANSLATED:
            missing += 1
        elif not text.serves(original):
            message = f"the original of {identity!r} has changed, and is shown; translate it anew"
            source.report(Rule.STALE_TRANSLATION, message, text.line, severity=Severity.WARNING)
        elif message := _difference(original, text.text):
            source.report(
                Rule.BAD_TRANSLATION, f"{identity!r}: {message}", text.line, severity=Severity.WARNING
            )
    for identity, text in texts.items():
        if identity not in current:
            message = f"no text has the id {identity!r}"
            source.report(Rule.STALE_TRANSLATION, message, text.line, severity=Severity.WARNING)
    yield from source.problems
    if missing:
        message = f"{missing} of {len(current)} texts are not in {language!r}, and are shown as they are"
        yield Problem(Span(path, 1, 1), Rule.MISSING_TRANSLATION, message, "", Severity.NOTICE)


def _read(path: Path) -> tuple[Source, Mapping[str, Text]]:
    if look(path).kind is Kind.MISSING:
        return Source(path, ""), {}
    source = load(path)
    return source, read_texts(source)


def _difference(original: str, text: str) -> str:
    """The code that a translation lacks or adds, in words; "" if there is no difference."""
    wanted, found = _codes(original), _codes(text)
    lacking, added = wanted - found, found - wanted
    told = [f"lacks {', '.join(f'`{code}`' for code in sorted(lacking))}"] if lacking else []
    told += [f"adds {', '.join(f'`{code}`' for code in sorted(added))}"] if added else []
    return " and ".join(told)


def _codes(text: str) -> set[str]:
    """The code in a text; code broken over two lines equals the same code on one line."""
    return set(_CODE.findall(" ".join(text.split())))
