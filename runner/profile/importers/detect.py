"""Detects the format of a text, and selects the importer for it."""

import re
from collections.abc import Callable
from dataclasses import replace

from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import ProfileError
from runner.profile.evidence import EvidenceReader
from runner.profile.evidence.colours import plain
from runner.profile.evidence.strace_line import RESULT
from runner.profile.holders.fragment import is_fragment
from runner.profile.holders.settings import has_settings
from runner.profile.importers.held import import_held, import_operator
from runner.profile.importers.imported import Imported, check_size
from runner.profile.importers.lxc import import_lxc
from runner.profile.importers.names import import_names
from runner.profile.importers.observed import KINDS, import_text
from runner.profile.importers.oci import import_oci, import_podman
from runner.profile.importers.systemd import import_systemd

FORMATS: dict[str, Callable[[str], Imported]] = {
    "names": import_names,
    "lxc": import_lxc,
    "oci": import_oci,
    "podman": import_podman,
    "operator": import_operator,
    "held": import_held,
    "systemd": import_systemd,
    **{form: lambda text, form=form: import_text(text, form) for form in KINDS},  # type: ignore[misc]
}
TITLES = {
    "names": "a list of names",
    "lxc": "an LXC policy",
    "oci": "an OCI configuration",
    "podman": "a profile in Docker's or Podman's format",
    "operator": "a SeccompProfile manifest",
    "systemd": "systemd's settings",
}
HEAD = 200_000
# Anchored, and with blanks only within a line: so a search stays linear for any text.
_SIGNS = (
    ("systemd", re.compile(r"^[ \t]*SystemCall(Filter|Architectures|ErrorNumber)[ \t]*=", re.MULTILINE)),
    ("lxc", re.compile(r"\A\s*[12][ \t\r]*\n[ \t]*(allow|deny|white|black)list\b")),
)
_EVIDENCE = re.compile(
    RESULT + r"|<(?:unfinished|detached) \.\.\.>|^strace: Process \d+ (?:at|de)tached| resumed>"
    r"|\bsyscall=|\btype=(?:1326|SECCOMP)\b|[a-z]-seccomp-"
    r"|\"?syscallName\"?=\"|\) compat=\d"
    r"|^[ \t]*(?:-{4,}[ \t]+)+-{4,}[ \t]*$|^[ \t]*syscall[ \t]*\n[ \t]*-{4,}[ \t]*$"
    r"|^[ \t]*(?:\d+\.\d+|\?)[ \t]+\([ \t]*(?:\d+\.\d+ ms)?[ \t]*\):"
    r"|^[ \t]*CALLS[ \t]+FAILED[ \t]+CALL[ \t]+THE PROFILE"
    r"|^\d+ (?:\d{4}-\d\d-\d\d )?[\d:.]+ \d+ [^\n]{1,400}? \(\d+(?:[:.]\d+)?\) [<>] [a-z]"
    r"|\bsys_enter(?:_[a-z]|:[ \t]+NR )|\b\d+\.\d+: sys_[a-z0-9_]+(?:\(| -> )",
    re.MULTILINE,
)
_ENTRY = re.compile(
    r"\A\s*(?:\[\s*)?(?:\x1e|data: )?\{\s*\"(?:[A-Z_][A-Z0-9_]*|log|stream|time|msg|message)\"\s*:"
)
_COMMENTS = r"\ufeff?(?:\s|//[^\n]*\n|#[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*+"
_ROOT = r"(?:\ufeff?\s*\{|" + _COMMENTS + r"\{\s*\")"
"""The beginning of an object of JSON; behind comments, also YAML may begin with a brace."""
_JSON = re.compile(_ROOT + r"|\ufeff?\s*\[\s*[\[{\"\]]")
_ARRAY_OF_NAMES = re.compile(r"\s*\[\s*[\"']?[a-z_][a-z0-9_]*[\"']?\s*[,\]]")
_RECORD = re.compile(
    r"\btype=(?:1326|SECCOMP)\b[^\n]{0,400}\bsyscall=|\"SECCOMP\"\s*:\s*\{|\"type\"\s*:\s*1326\b"
)
_KEYS = re.compile(r"\"(?:defaultAction|syscalls)\"\s*:", re.IGNORECASE)
_MANIFEST = re.compile(
    r"(?:^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)"
    r"(?:kind|security_opts?|securityContext|seccompProfile|localhostProfile|defaultAction)[ \t]*:",
    re.MULTILINE,
)


def detect(text: str) -> str:
    """Detect the format of a text, or of its beginning; `names` if nothing points to another format."""
    head = plain(text[:HEAD])
    if _JSON.match(head) and not _ARRAY_OF_NAMES.match(head):
        return "evidence" if _ENTRY.match(head) or _holds_records(head) else _json_format(text)
    named = next((name for name, sign in _SIGNS if sign.search(head)), None)
    if named:
        return named
    if _EVIDENCE.search(head) and _holds_evidence(head):
        return "evidence"
    holds = is_fragment(head) or _MANIFEST.search(head) or has_settings(head) or _KEYS.search(head)
    return "held" if holds else "names"


def import_profile(text: str, form: str = "auto") -> Imported:
    """Read a text in a format of `FORMATS`, or in the detected one.

    Raises:
        ProfileError: it is not in that format, or gives no profile; the error names the line.
    """
    check_size(text)
    known = detect(text) if form == "auto" else form
    importer = FORMATS.get(known)
    if importer is None:
        raise ProfileError(f"unknown format {form!r}", remedy=f"name one of auto, {', '.join(FORMATS)}")
    imported = importer(text)
    if imported.profile.default_action is None:
        raise ProfileError("gives a profile without a default action, which would turn seccomp off")
    return imported if imported.read_as else replace(imported, read_as=TITLES.get(known, known))


def _json_format(text: str) -> str:
    head = text[:HEAD]
    if re.search(r'"ociVersion"\s*:', text) and re.match(
        r"\s*\{\s*\"(ociVersion|process|root|hooks|linux)\"", head
    ):
        return "oci"
    root = re.match(_ROOT, head)
    if _RULES.match(head):
        return "podman"
    if root and (
        _root_keys(text) & _PROFILE_KEYS or (not _KEYS.search(text) and "seccomp" not in text.lower())
    ):
        return "podman"
    return "held"


_RULES = re.compile(r"\ufeff?\s*\[\s*\{(?=[^{}]*\"action\"\s*:)[^{}]*\"names?\"\s*:")
"""The beginning of rules alone, without the profile around them."""
_PROFILE_KEYS = frozenset(("defaultaction", "syscalls", "architectures", "archmap", "defaulterrnoret"))


def _root_keys(text: str) -> frozenset[str]:
    """The keys of the top object, found by counting brackets: the text may be cut off, and may be invalid JSON."""
    keys, depth = set[str](), 0
    # A string without an end goes on to the end of the text, so that the search stays linear.
    for token in re.finditer(r'"((?:[^"\\]|\\.)*)(?:"(\s*:)?)?|[{}\[\]]', text):
        mark = token[0][0]
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and token[2]:
            keys.add(token[1].lower())
    return frozenset(keys)


def _holds_records(head: str) -> bool:
    """True if JSON other than a profile contains seccomp records at any depth, like a log store's answer."""
    return bool(_RECORD.search(head)) and not _KEYS.search(head)


def _holds_evidence(head: str) -> bool:
    reader = EvidenceReader(find_arch("amd64"))
    reader.feed(head.encode())
    evidence = reader.close()
    return evidence.used_lines > 0 or evidence.unused_lines > 0
