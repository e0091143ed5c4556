"""Lists of system call names: one or several per line, with comments."""

import re

from runner.profile.importers.imported import NAME, Imported, allow_list, fault

_COMMENT = re.compile(r"(#|//|;).*")
_SEPARATOR = re.compile(r"[\s,]+")
_QUOTES = "\"'`"


def import_names(text: str) -> Imported:
    """Allow what the list names: separated by commas or blanks, quoted or not; `#`, `//` and `;` begin comments."""
    found: dict[str, int] = {}
    for line, content in enumerate(text.splitlines(), 1):
        for word in _SEPARATOR.split(_COMMENT.sub("", content).strip("[] \t")):
            name = word.strip(_QUOTES)
            if not name:
                continue
            if not NAME.match(name):
                raise fault(
                    line,
                    f"{name[:40]!r} is no name of a system call",
                    remedy="write lower-case letters, digits and `_`; begin a comment with #",
                )
            found.setdefault(name, line)
    return allow_list(found)
