"""Files of lines that name profiles: configurations of Podman and CRI-O, units of services, scripts, HCL."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SETTING = re.compile(
    r"""(?mx)^[ \t]*(?:(?:privileged_|unset_)?seccomp_profile|[sS]eccompProfile)[ \t]*=[ \t]*
    (?P<quote>["']?)(?P<value>[^"'\n]*?)(?P=quote)[ \t]*(?:\#[^\n]*)?$"""
)
_DAEMON = re.compile(r"(?m)^(?![ \t]*(?:#|//)).*?--seccomp-profile[= ]+[\"']?(?P<value>[^\s\"']+)")
"""The default that an engine is started with."""
_LISTED = re.compile(r"[\"']--security-opt[\"'][ \t]*,[ \t]*[\"']seccomp[=:](?P<value>[^\"'\n]+)")
"""The option in a list of words."""
_FLAG = re.compile(
    r"--security-opt[= ]+(?:'seccomp[=:](?P<single>[^'\n]+)|\"seccomp[=:](?P<double>[^\"\n]+)"
    r"|seccomp[=:](?:'(?P<inner>[^'\n]+)|\"(?P<inmost>[^\"\n]+)|(?P<bare>[^\s\"']+)))"
)
"""The option on a command line, where quotes may stand around all of it or around the profile."""
_LINE = re.compile(r"(?m)^(?![ \t]*(?:#|//)).*--security-opt[= ]+[\"']?seccomp[=:].*$")
_NODE_FILE = re.compile(r"\Alocalhost/(?=.)")
"""containerd's words before a file."""
_HEADING = re.compile(r"(?m)^[ \t]*\[\[?[ \t]*[\"']?([A-Za-z][\w-]*)[^\]\n{}:,]*\]\]?[ \t]*(?:[#;].*)?$")
_DESCRIBING = frozenset(("Container", "Kube", "Pod", "containers", "crio", "plugins", "runners"))
"""Sections of Podman's, CRI-O's, containerd's and GitLab's files in which a profile could be named."""
_HCL_LIST = re.compile(r"\bsecurity_opts?[ \t]*=[ \t]*\[[^\]]{0,4000}")
_HCL_OPTION = re.compile(r"[\"']seccomp[=:](?P<value>(?:\$\{[^}\n]*\}|[^\"'\n])+)")


class Setting(NamedTuple):
    """A profile's name in a line of settings, with its 1-based line and column."""

    value: str
    line: int
    column: int


def flagged(text: str) -> Iterator[tuple[int, str]]:
    """The profiles that the options of a command line name, each with its place."""
    for match in _FLAG.finditer(text):
        group = match.lastgroup or ""
        yield match.start(group), match[group]


def begins_with_section(text: str) -> bool:
    """True if the first line with content is the heading of a section, and not a list of JSON."""
    line = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    return _HEADING.match(line) is not None


def describes_containers(text: str) -> bool:
    """True for a file of sections in which a profile could be named."""
    return any(match[1] in _DESCRIBING for match in _HEADING.finditer(text))


def settings(text: str) -> Iterator[Setting]:
    """The profiles that lines name, in their order; comments name none."""
    found = [(match.start("value"), match["value"]) for match in _SETTING.finditer(text) if match["value"]]
    for line in _LINE.finditer(text):
        found += [(line.start() + start, value) for start, value in flagged(line[0])]
    for sign in (_DAEMON, _LISTED):
        found += [(match.start("value"), match["value"]) for match in sign.finditer(text)]
    for options in _HCL_LIST.finditer(text):
        inner = _HCL_OPTION.finditer(options[0])
        found += [(options.start() + match.start("value"), match["value"]) for match in inner]
    for start, value in sorted(found):
        before = text.rfind("\n", 0, start) + 1
        yield Setting(_NODE_FILE.sub("", value), text.count("\n", 0, start) + 1, start - before + 1)


def has_settings(text: str) -> bool:
    """True if any line names a profile."""
    return next(settings(text), None) is not None
