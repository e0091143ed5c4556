"""The catalogue of one language in gettext's form: the `.po` for translators and the `.mo` for the program."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from runner.language import DOMAIN, locales
from tools.messages.extract import texts

_VOLATILE = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator", "Language-Team")


class _Unsigned(Catalog):
    """A catalogue without author and date, so that writing it again gives the same file."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in super().mime_headers if name not in _VOLATILE]


def folder(language: str) -> Path:
    """The folder of a language's catalogue."""
    return locales() / language / "LC_MESSAGES"


def updated(language: str) -> bytes:
    """The `.po` with all current texts, and their existing translations."""
    path = folder(language) / f"{DOMAIN}.po"
    before = (
        read_po(BytesIO(path.read_bytes()), locale=language) if path.is_file() else Catalog(locale=language)
    )
    catalogue = _Unsigned(locale=language, project="seccomp-workshop", fuzzy=False, charset="utf-8")
    catalogue.header_comment = f"# The program's own texts in {catalogue.locale.english_name}."
    for text, places in texts().items():
        known = before.get(text)
        translation = known.string if known is not None and not known.fuzzy else ""
        catalogue.add(text, translation, locations=[(name, 0) for name, _ in places])
    out = BytesIO()
    write_po(out, catalogue, width=110, omit_header=False, include_lineno=False)
    return out.getvalue()


def compiled(text: bytes, language: str) -> bytes:
    """The `.mo` of a `.po`."""
    catalogue = _Unsigned(locale=language, project="seccomp-workshop", charset="utf-8")
    for message in read_po(BytesIO(text), locale=language):
        if message.id:
            catalogue[message.id] = message
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def missing(text: bytes, language: str) -> list[str]:
    """The texts of a `.po` that lack a translation."""
    return [
        str(message.id)
        for message in read_po(BytesIO(text), locale=language)
        if message.id and not message.string
    ]
