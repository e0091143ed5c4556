"""The learner's language: choosing it, and translating the program's own texts."""

import os
import re

TYPE_CHECKING = False  # typing is slow to import, and pathlib, too: every command imports this
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ORIGINAL = "en"
DOMAIN = "workshop"
_NONE = frozenset({"", "C", "POSIX"})

_translations: "Mapping[str, str]" = {}
_in_use = ORIGINAL


def preferred(environment: "Mapping[str, str]" = os.environ) -> tuple[str, ...]:
    """The languages that the locale asks for, the best first, each also without its country: `es_MX`, `es`.

    () if it asks for none, as `C.UTF-8` does, or for English.
    """
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = re.split("[.@]", next(filter(None, names), ""))[0]
    if locale in _NONE:
        return ()
    wanted = [*filter(None, environment.get("LANGUAGE", "").split(":")), locale]
    found: list[str] = []
    for name in wanted:
        plain = re.split("[.@]", name)[0]
        found += [plain, plain.partition("_")[0]]
    languages = tuple(dict.fromkeys(found))
    return languages[: languages.index(ORIGINAL)] if ORIGINAL in languages else languages


def use(language: str) -> None:
    """Set the language of the program's own texts; those it lacks, and all of them for "", are in English."""
    global _translations, _in_use  # noqa: PLW0603 (one program talks one language)
    _translations = _read(language) if language else {}
    _in_use = language if _translations else ORIGINAL


def in_use() -> str:
    """The code of the language in use."""
    return _in_use


def locales() -> "Path":
    """The folder of the catalogues, in gettext's layout."""
    from pathlib import Path  # noqa: PLC0415 (English needs none)

    return Path(__file__).with_name("locale")


def known() -> tuple[str, ...]:
    """The languages of the program's own texts, beside English."""
    return tuple(sorted(path.parents[1].name for path in locales().glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def tr(text: str, /, **values: object) -> str:
    """A text in the language in use, with `values` filled into the places in braces."""
    said = _translations.get(text, text)
    return said.format(**values) if values else said


def trn(one: str, many: str, number: int, /, **values: object) -> str:
    """The right form of a text, `one` or `many`, in the language in use; `{number}` stands for the number."""
    return tr(one if number == 1 else many, number=number, **values)


def counted(number: int, plural: str) -> str:
    """A number of things in English: `1 lab`, `2,000 labs`."""
    return f"{number:,} {plural.removesuffix('s') if number == 1 else plural}"


def _read(language: str) -> "Mapping[str, str]":
    from gettext import GNUTranslations  # noqa: PLC0415 (English needs none)

    path = locales() / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        # Its dictionary, since a look-up through the class takes several calls.
        catalog: dict[str, str] = vars(GNUTranslations(file))["_catalog"]
    return {key: text for key, text in catalog.items() if key and text}
