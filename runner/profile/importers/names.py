"""Import lists of system call names: one or several per line, with comments."""

import re

from runner.profile.evidence.model import Unused
from runner.profile.importers.imported import NAME, Imported, allow_list, check_used, fault

_COMMENT = re.compile(r"(#|//|;).*")
_SEPARATOR = re.compile(r"[\s,]+")
_QUOTES = "\"'`"
_REMEDY = "write lower-case letters, digits and `_`; begin a comment with #"
_MOST_KEPT = 1000


def import_names(text: str) -> Imported:
    """Allow the calls in a list: separated by commas or blanks, quoted or not; `#`, `//` and `;` begin comments.

    Words that are not names are reported; if half of the words or more are not, the text is refused.
    """
    found: dict[str, int] = {}
    wrong: list[Unused] = []
    words = 0
    for line, content in enumerate(text.splitlines(), 1):
        for word in _SEPARATOR.split(_COMMENT.sub("", content).strip("[] \t\ufeff")):
            name = word.strip(_QUOTES).removesuffix("()")
            if not name:
                continue
            words += 1
            if NAME.match(name):
                found.setdefault(name, line)
            elif len(wrong) < _MOST_KEPT:
                wrong.append(Unused(line, "no name of a system call", name[:40]))
    if wrong and not found:
        raise fault(wrong[0].line, f"{wrong[0].text!r} is not the name of a system call", remedy=_REMEDY)
    check_used(words - len(wrong), len(wrong), tuple(wrong))
    imported = allow_list(found)
    return Imported(
        imported.profile, imported.notes, observed=True, unused=tuple(wrong), unused_lines=len(wrong)
    )
