"""Keeping the files of a translation in step with the workshop."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from runner.errors import UsageError
from runner.files import replace_text
from runner.lab.model.texts import Put
from runner.lab.model.workshop import Workshop
from runner.lab.read.syntax.source import load
from runner.lab.read.translation import LANGUAGE, UNTRANSLATED, Text, check_sum, originals, pages, read_texts
from runner.language import ORIGINAL
from runner.paths import look, why


class Written(NamedTuple):
    """Counts for one written translation file: texts translated, not translated, and dropped."""

    path: Path
    translated: int
    missing: int
    dropped: int


def update_translation(workshop: Workshop, language: str) -> list[Written]:
    """Write the files of `language`: each text of the workshop under its id, in the order of the lessons.

    Translations are kept. One without a checksum counts as a translation of the current original. An untranslated text
    is written in the original; the translator replaces it and removes its checksum. Texts that are no longer in the
    workshop are dropped.

    Raises:
        UsageError: `language` is not a language code, or a file cannot be written.
    """
    if not LANGUAGE.fullmatch(language) or language == ORIGINAL:
        raise UsageError(f"{language!r} is not a language code", remedy="name one such as es, de or pt_BR")
    written = []
    for name, through in pages(workshop):
        path = workshop.path / language / name
        known: Mapping[str, Text] = {}
        if look(path).exists:
            source = load(path)
            known = read_texts(source)
            if source.problems:
                raise UsageError(str(source.problems[0]), remedy="correct it, then try again")
        written.append(_write(path, known, through))
    return written


def _write(path: Path, known: Mapping[str, Text], through: Callable[[Put], object]) -> Written:
    current = originals(through)
    moved = {text.made_from: text for text in known.values()}
    parts, missing = [], 0
    for identity, original in current.items():
        now = check_sum(original)
        text = known.get(identity)
        if text is None or (text.made_from not in {"", now} and now in moved):
            # A step may have moved to another place: its text moves with it.
            text = moved.get(now)
        if text is None or not text.text or text.made_from == UNTRANSLATED:
            missing += 1
            parts.append(f"<!-- {identity} {UNTRANSLATED} -->\n{original.strip()}\n")
        else:
            parts.append(f"<!-- {identity} {text.made_from or now} -->\n{text.text}\n")
    try:
        path.parent.mkdir(exist_ok=True)
        replace_text(path, "\n".join(parts))
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {why(error)}", remedy="check the folder's permissions"
        ) from error
    return Written(path, len(current) - missing, missing, len(known.keys() - current.keys()))
