"""`python -m tools.messages [LANGUAGE…]`: bring catalogues up to date with the source, and compile them.

A new language begins with `python -m tools.messages LANGUAGE`. Then translate the `.po` file, by hand or with any
editor for such files, and give the command again.
"""

import sys

from runner.language import locales
from tools.messages.catalogue import compiled, folder, missing, updated


def main() -> None:
    """Write the `.po` and the `.mo` of each language that is named, or of all existing ones."""
    languages = sys.argv[1:] or sorted(path.name for path in locales().iterdir() if path.is_dir())
    for language in languages:
        place = folder(language)
        place.mkdir(parents=True, exist_ok=True)
        text = updated(language)
        (place / "workshop.po").write_bytes(text)
        (place / "workshop.mo").write_bytes(compiled(text, language))
        left = missing(text, language)
        print(f"{language}: {len(left)} texts are not translated")


if __name__ == "__main__":
    main()
