"""Which format a text is in, and the importer for it."""

import re
from collections.abc import Callable

from runner.profile.errors import ProfileError
from runner.profile.importers.audit import import_audit
from runner.profile.importers.imported import Imported, check_size
from runner.profile.importers.lxc import import_lxc
from runner.profile.importers.manifests import import_operator
from runner.profile.importers.names import import_names
from runner.profile.importers.oci import import_oci, import_podman
from runner.profile.importers.strace import import_strace, import_strace_count
from runner.profile.importers.systemd import import_systemd

FORMATS: dict[str, Callable[[str], Imported]] = {
    "names": import_names,
    "lxc": import_lxc,
    "strace": import_strace,
    "strace-count": import_strace_count,
    "audit": import_audit,
    "oci": import_oci,
    "podman": import_podman,
    "operator": import_operator,
    "systemd": import_systemd,
}
# Anchored, and blanks within a line only: a search stays linear whatever the text.
_SIGNS = (
    ("strace-count", re.compile(r"^[ \t]*% time[ \t]+seconds", re.MULTILINE)),
    ("audit", re.compile(r"\btype=(1326|SECCOMP)\b")),
    ("operator", re.compile(r"^kind:[ \t]*SeccompProfile[ \t]*$", re.MULTILINE)),
    ("systemd", re.compile(r"^[ \t]*SystemCall(Filter|Architectures|ErrorNumber)[ \t]*=", re.MULTILINE)),
    ("lxc", re.compile(r"\A\s*[12][ \t\r]*\n[ \t]*(allow|deny|white|black)list\b")),
    (
        "strace",
        re.compile(
            r"^[ \t]*(\[pid[ \t]+\d+\][ \t]*|\d+[ \t]+)?([\d:.]+[ \t]+)?[a-z_][a-z_0-9]*\(", re.MULTILINE
        ),
    ),
)
_OBJECT = re.compile(r"\s*\{")
_RUNTIME = re.compile(r'"ociVersion"\s*:')
_HEAD = 200_000


def detect(text: str) -> str:
    """The format that a text looks like; `names` where nothing speaks for another."""
    head = text[:_HEAD]
    if _OBJECT.match(head):
        return "oci" if _RUNTIME.search(text) else "podman"
    return next((name for name, sign in _SIGNS if sign.search(head)), "names")


def import_profile(text: str, form: str = "auto") -> Imported:
    """Read a text in a format of `FORMATS`, or in the one that it looks like.

    Raises:
        ProfileError: it is not in that format; the error says on which line.
    """
    check_size(text)
    importer = FORMATS.get(detect(text) if form == "auto" else form)
    if importer is None:
        raise ProfileError(f"unknown format {form!r}", remedy=f"name one of auto, {', '.join(FORMATS)}")
    return importer(text)
