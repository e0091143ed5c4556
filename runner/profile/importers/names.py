"""Import lists of system call names: one or several per line, with comments."""

import re
from collections.abc import Iterator
from dataclasses import replace

from runner.profile.calls.groups import KNOWN
from runner.profile.calls.kernel_names import own_name
from runner.profile.calls.syscalls import arch
from runner.profile.errors import ProfileError
from runner.profile.evidence import read_evidence
from runner.profile.evidence.model import Unused
from runner.profile.evidence.names import named
from runner.profile.importers.imported import NAME, Imported, allow_list, check_used, fault
from runner.profile.importers.tables import read_table

_PROMPT = re.compile(r"\s*(?:\$|\S{1,64}@\S{1,64}[$#]) ")
"""The beginning of a line that shows the command which printed the list."""
_COMMENT = re.compile(r"(?:#|//|(?:^|\s);).*")
_SEPARATOR = re.compile(r"[\s,;|]+")
_QUOTED = re.compile(r"[\"'`]([a-z_][a-z0-9_]{0,63})[\"'`]")
_LIST = re.compile(r"[\[({]\s*(?:[\"'`][a-z_][a-z0-9_]{0,63}[\"'`]\s*(?:,\s*)?)+[\])}]")
_RULE = re.compile(r"[-=:+*]+\Z")
"""A line of a table between its rows, or a sign between words."""
_COUNTED = re.compile(r"(?<=[a-z0-9_])=(?=\d)")
_HEADINGS = frozenset(
    (
        "call",
        "calls",
        "count",
        "counts",
        "id",
        "name",
        "names",
        "nr",
        "number",
        "syscall",
        "syscalls",
        "times",
        "total",
    )
)
"""Words above the columns of a table, which are no calls of any importance."""
_AUSYSCALL = re.compile(r"Using \w+ syscall table:\s*\Z")
_OPENS = re.compile(r"\w\s*:?=\s*\S|\w!?[\[({]\s*\Z")
"""The line of a program that begins a list, or sets something else."""
_DENIES = re.compile(
    r"den(?:y(?:_?list)?|ie[ds])|block(?:ed|_?list)?|drop(?:ped)?|forbid(?:den)?|black_?list|scmp_act_(?!allow\b)\w+",
    re.IGNORECASE,
)
"""Keys and words beside names, and in the line of a program, that say something else than what an import does."""
_OTHER_ACTIONS = {
    "scmp_act_log": "executed and logged",
    "scmp_act_notify": "handed to a supervisor, which decides",
    "scmp_act_trace": "handed to a tracer, which decides",
}
"""What such words say that do not deny."""
_ALLOWS = frozenset(("allow", "allowed", "permit", "permitted", "scmp_act_allow"))
"""Words beside names that say what an import makes of them."""
_BULLET = re.compile(r"\s*[-*]\s+")
_WRAPPED = re.compile(r"SCMP_SYS\((\w+)\)?|(\w+)\((?:\d\w?)?\)")
"""A name as a program for libseccomp has it, and as `read()` or `read(2)`."""
_PACKAGE = re.compile(r"\A(?:(?:syscall|unix)\.(?=SYS_)|(?:\w{1,30}::){1,4})")
"""Packages of Go and Rust before the name of a call."""
_NUMBERED = re.compile(r"\b(?:syscall_|SYS_|__NR_)(?:0x[0-9a-f]|\d)|\b0x[0-9a-fA-F]{1,8}\b")
_NUMBER = re.compile(r"[\d.,]+%?\Z")
_BRACKETS = "\"'`[]{}()"
_MARKS = "\"'`[]{}():;"
_REMEDY = "write lower-case letters, digits and `_`; begin a comment with #"
_NUMBERS_REMEDY = (
    "write names: `ausyscall ARCH NUMBER` tells that of a number, which each architecture has for another"
)
_DENIED_REMEDY = "deny them with `workshop profile edit allow --deny NAME,NAME`"
_ACTION_REMEDY = "leave the word out, import the names, and give their rule this action in the profile"
_OF_TABLE = "it allows all calls of the table, which lists those that a machine has, and not those that a program makes"
_MOST_KEPT = 1000
_HEAD = 200_000


def import_names(text: str) -> Imported:
    """Allow the calls in a list: separated by commas, semicolons or blanks, quoted or not.

    `#` and `//` begin comments, and so does `;` at the beginning of a line or behind a blank, before other words.

    A number beside a name, such as a count, is left out. Words that are not names are reported; if half of the words or
    more are not, the text is refused.
    """
    try:
        return _listed(text)
    except ProfileError:
        messages = read_evidence(text[:_HEAD], arch("amd64")).messages
        if any(message.meaning for message in messages):
            raise ProfileError(
                "this is a message about a refusal, and no list of calls",
                remedy="let `workshop profile why` look at it",
            ) from None
        raise


def _listed(text: str) -> Imported:
    table = read_table(text)
    if table is None:
        return _words_listed(text)
    imported = allow_list(table.calls, [_OF_TABLE])
    return replace(imported, read_as=table.kind, unused=table.unused, unused_lines=table.unused_lines)


def _words_listed(text: str) -> Imported:
    found: dict[str, int] = {}
    wrong: list[Unused] = []
    words = numbers = 0
    for line, content in enumerate(text.splitlines(), 1):
        given = [] if not content or content.isspace() or _PROMPT.match(content) else list(_words(content))
        if not found and _is_heading(content, given):
            continue
        beside = [word for word in given if not _NUMBER.match(word)]
        if beside and len(beside) < len(given) and all(map(NAME.match, beside)):
            numbers += len(given) - len(beside)
            given = beside
        for name in _without_actions(given, line):
            words += 1
            if NAME.match(name):
                found.setdefault(name, line)
            elif len(wrong) < _MOST_KEPT:
                wrong.append(Unused(line, "no name of a system call", name[:40]))
    if wrong and not found:
        remedy = _NUMBERS_REMEDY if all(_NUMBER.match(each.text) for each in wrong) else _REMEDY
        raise fault(wrong[0].line, f"{wrong[0].text!r} is not the name of a system call", remedy=remedy)
    check_used(words - len(wrong), len(wrong), tuple(wrong), counted="words")
    notes = [f"{numbers} numbers beside names are left out"] if numbers else []
    if _NUMBERED.search(text):
        notes.append("numbers were read as x86-64's")
    notes += _with_own_names(found)
    imported = allow_list(found, notes)
    return Imported(
        imported.profile, imported.notes, observed=True, unused=tuple(wrong), unused_lines=len(wrong)
    )


def _without_actions(words: list[str], line: int) -> Iterator[str]:
    """The words of a line without those beside names that say what is done with the calls.

    Raises:
        ProfileError: one says that something else is done than to allow them.
    """
    for word in words:
        bare = word.removesuffix(":")
        if _DENIES.fullmatch(bare):
            other = _OTHER_ACTIONS.get(bare.lower())
            raise fault(
                line,
                f"{bare!r} says that these calls are {other or 'denied'}, and an import allows what it reads",
                remedy=_ACTION_REMEDY if other else _DENIED_REMEDY,
            )
        if bare.lower() not in _ALLOWS or len(words) == 1:
            yield word


def _with_own_names(found: dict[str, int]) -> Iterator[str]:
    """Add the calls that tools mean by names which amd64 has for none, and note each."""
    machine = arch("amd64")
    for name, line in tuple(found.items()):
        own = own_name(name, machine)
        if own not in found:
            found[own] = line
            yield f"line {line}: amd64 has no {name}, and a tool that names one there means {own}, which is allowed too"


def _is_heading(line: str, words: list[str]) -> bool:
    """True for a line above a list that names its columns, or the list itself."""
    columns = len(words) > 1 and _HEADINGS.issuperset(map(str.lower, words))
    return columns or _AUSYSCALL.match(line) is not None


def _words(line: str) -> Iterator[str]:
    """The words of a line without a bullet, quotes and brackets; names without what headers put before them."""
    bare = _COUNTED.sub(" ", _COMMENT.sub(_unless_names, line).strip("\ufeff"))
    # A line of a program has other words beside its list.
    listed = _LIST.search(bare)
    quoted = _QUOTED.findall(listed[0]) if listed else []
    rest = f"{bare[: listed.start()]} {bare[listed.end() :]}" if listed else ""
    if any(word in KNOWN for word in quoted) and re.search(r"[=(:]", rest):
        if denies := _DENIES.search(rest):
            yield f"{denies[0]}:"
        yield from quoted
        return
    if _OPENS.search(bare) and KNOWN.isdisjoint(re.findall(r"\w+", bare)):
        yield bare.strip()
        return
    bullet, machine = _BULLET.match(bare), arch("amd64")
    words = _SEPARATOR.split(bare[bullet.end() :] if bullet else bare)
    for word, after in zip(words, (*words[1:], ""), strict=True):
        wrapped = _WRAPPED.match(word.strip("\"'`[]"))
        name = (wrapped[1] or wrapped[2]) if wrapped else _PACKAGE.sub("", word.strip(_MARKS))
        if not name or _RULE.match(name):
            continue
        name = name.lower() if name.isupper() and name.lower() in KNOWN else name
        meant = None if _NUMBER.match(name) else named(name, machine)
        # A word before a colon is a key, as of YAML, unless a count stands behind it.
        key = word.rstrip(_BRACKETS).endswith(":") and not _NUMBER.match(after.strip(_MARKS))
        if key and not (meant and meant.known):
            yield f"{name}:"
        else:
            yield meant.name if meant and (meant.number is None or meant.known) else name


def _unless_names(comment: re.Match[str]) -> str:
    """Nothing in place of a comment, but what stands behind a semicolon if it is names of calls alone."""
    text = comment[0].lstrip()
    rest = text.removeprefix(";")
    words = [word for word in _SEPARATOR.split(rest) if word]
    return f" {rest}" if rest != text and words and all(word in KNOWN for word in words) else ""
