"""The catalogue of one language, as gettext has it: the `.po` that is translated and the `.mo` that is read."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from runner.language import DOMAIN, LOCALES
from tools.messages.extract import texts

_VOLATILE = tuple(
    f'"{name}'.encode()
    for name in ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator", "Language-Team")
)


def folder(language: str) -> Path:
    """Where a language's catalogue is."""
    return LOCALES / language / "LC_MESSAGES"


def updated(language: str) -> bytes:
    """The `.po` with all texts that there are now, and the translations that were there for them."""
    path = folder(language) / f"{DOMAIN}.po"
    before = (
        read_po(BytesIO(path.read_bytes()), locale=language) if path.is_file() else Catalog(locale=language)
    )
    catalogue = Catalog(locale=language, project="seccomp-workshop", fuzzy=False, charset="utf-8")
    # Neither who changed it nor when: that is for the history, and a file that is written anew stays the same.
    catalogue.header_comment = f"# The program's own texts in {catalogue.locale.english_name}."
    for text, places in texts().items():
        known = before.get(text)
        translation = known.string if known is not None and not known.fuzzy else ""
        catalogue.add(text, translation, locations=[(name, 0) for name, _ in places])
    out = BytesIO()
    write_po(out, catalogue, width=110, omit_header=False, include_lineno=False)
    kept = (line for line in out.getvalue().splitlines(keepends=True) if not _volatile(line))
    return b"".join(kept)


def compiled(text: bytes, language: str) -> bytes:
    """The `.mo` of a `.po`."""
    out = BytesIO()
    write_mo(out, read_po(BytesIO(text), locale=language))
    return out.getvalue()


def missing(text: bytes, language: str) -> list[str]:
    """The texts of a `.po` that have no translation."""
    return [
        str(message.id)
        for message in read_po(BytesIO(text), locale=language)
        if message.id and not message.string
    ]


def _volatile(line: bytes) -> bool:
    return line.startswith(_VOLATILE)
