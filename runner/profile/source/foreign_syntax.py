"""Other notations in the place of JSON: of Python, C or a text editor, or a file that holds something else."""

import re
from errno import errorcode

from runner.language import tr

_BLANKS = " \t\n\r"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEXADECIMAL = re.compile(r"[xX]([0-9a-fA-F]{1,16})\b")
_OCTAL = re.compile(r"[0-7]{1,21}\b")
_CURLED = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb\u2033"
_OF_PYTHON = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false"}
_OF_PYTHON |= dict.fromkeys(("None", "nil", "undefined", "NULL"), "null")
_ERRNOS = {name: number for number, name in errorcode.items()}
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|\?xml)\b", re.IGNORECASE)
_NOT_FOUND = re.compile(r"\s*(?:404:? |Not Found\b)")
_LFS = re.compile(r"\s*version\s+https://git-lfs\.github\.com/")
_SCRIPT = re.compile(r"\ufeff?#![ \t]*/")
_YAML = re.compile(
    r"(?:[ \t]*(?:#[^\n]*|---[ \t]*)?\n)*+(?:defaultAction|defaultErrnoRet|syscalls|architectures|archMap)[ \t]*:"
)
_DIFF = re.compile(r"(?:diff |index |Index: |From [0-9a-f]{40} )|--- \S[^\n]*\n\+\+\+ ")
_CONFLICT = re.compile(r"(?m)^(?:<{7} |={7}$|>{7} |\|{7} )")
_LIKE_BLANKS = frozenset("\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u202f\u2060\u3000")
"""Signs that look like a blank or like nothing, as pages have them."""
_COMMENTS = re.compile(r"(?:\s*#[^\n]*(?:\n|\Z))+\s*")


def whole(text: str) -> str | None:
    """What a file is that is no JSON from its beginning; None if that is not known."""
    if _PAGE.match(text) or _NOT_FOUND.match(text):
        return tr(
            "this is a web page or its error, and no profile: fetch the file again, from its raw address"
        )
    if _SCRIPT.match(text):
        return tr("this is a script in which no line names a profile: name the profile's own file")
    if _DIFF.match(text):
        return tr("this is a patch, and no profile: apply it, and give the file that it changes")
    if _LFS.match(text):
        return tr("this is a pointer of Git LFS, and not the file: `git lfs pull` fetches it")
    if _YAML.match(text):
        return tr(
            "this is YAML, and Docker takes JSON alone: `workshop profile import FILE -o NEW` writes it as JSON"
        )
    return None


def comments_only_lead(text: str, position: int) -> bool:
    """True if a text begins with comments at `position`, and goes on with something else than JSON."""
    comments = _COMMENTS.match(text)
    if text[:position].strip(_BLANKS) or comments is None:
        return False
    return not text.startswith(("{", "["), comments.end())


def written(text: str, position: int, *, in_object: bool = False) -> tuple[int, str] | None:
    """The place of what another notation writes at `position`, and what JSON writes; None if it is none of these."""
    return _number(text, position) or _mark(text, position) or _word(text, position, in_object=in_object)


def _number(text: str, position: int) -> tuple[int, str] | None:
    """A number in hexadecimal or octal: JSON's ends behind its first zero."""
    before = text[max(position - 2, 0) : position - 1]
    if not position or text[position - 1] != "0" or before.isalnum() or before in ("-", ".", "+"):
        return None
    if digits := _HEXADECIMAL.match(text, position):
        return position - 1, tr("JSON has no hexadecimal: write {number}", number=int(digits[1], 16))
    if digits := _OCTAL.match(text, position):
        octal = f"0{digits[0]}"
        return position - 1, tr(
            "a number in JSON does not begin with 0: write {number} for {octal} in octal",
            number=int(octal, 8),
            octal=octal,
        )
    return None


def _mark(text: str, position: int) -> tuple[int, str] | None:
    if text[position] in _CURLED:
        return position, tr(
            "JSON quotes with straight double quotes, and not with {found}", found=text[position]
        )
    if text[position] in _LIKE_BLANKS:
        return position, tr(
            "JSON takes no U+{code} between its signs, which looks like a blank, or like nothing, and comes with text "
            "of a page: put a plain space in its place",
            code=f"{ord(text[position]):04X}",
        )
    if _CONFLICT.match(text, position):
        return position, tr(
            "this is the mark of a merge conflict: decide on one side, and take the marks out"
        )
    if text.startswith(("...", "\u2026"), position):
        return position, tr("these dots stand for something that was left out: put it in, or take them out")
    if text.startswith('\\"', position):
        return position, tr("the quotes are escaped, as within a string: take the backslashes out")
    return None


def _word(text: str, position: int, *, in_object: bool) -> tuple[int, str] | None:
    word = _WORD.match(text, position)
    # The first word of a file tells nothing: it may be in any language.
    if word is None or not text[:position].strip(_BLANKS):
        return None
    name = word[0]
    if literal := _OF_PYTHON.get(name):
        return position, tr("JSON writes {literal}, and not {word}", literal=literal, word=name)
    if number := _ERRNOS.get(name):
        return position, tr(
            "JSON has no names of constants: write {number} for {word}", number=number, word=name
        )
    before = text[:position].rstrip(_BLANKS)[-1:]
    cut_short = any(literal.startswith(name) for literal in ("true", "false", "null", "NaN", "Infinity"))
    after = text[word.end() :].lstrip(_BLANKS)[:1]
    if in_object and before in ("{", ",") and after in ("", ",", "}"):
        return position, tr(
            "each member of an object has a key and a value: take {word} out, or write both", word=name[:40]
        )
    if before in ("{", "[", ",", ":") and not cut_short:
        return position, tr("double quotes are missing around {word}", word=name[:40])
    return None
