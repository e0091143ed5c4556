"""Files of lines that name profiles: configurations of Podman and CRI-O, units of services, scripts, HCL."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SETTING = re.compile(
    r"""(?mx)^[ \t]*(?:seccomp_profile|SeccompProfile)[ \t]*=[ \t]*(?P<quote>["']?)(?P<value>[^"'\n]*?)(?P=quote)
    [ \t]*(?:\#[^\n]*)?$"""
)
FLAG = re.compile(r"--security-opt[= ]+[\"']?seccomp[=:](?P<value>[^\s\"']+)")
_LINE = re.compile(r"(?m)^(?![ \t]*(?:#|//)).*--security-opt[= ]+[\"']?seccomp[=:].*$")
_HCL_LIST = re.compile(r"\bsecurity_opts?[ \t]*=[ \t]*\[[^\]]{0,4000}")
_HCL_OPTION = re.compile(r"[\"']seccomp[=:](?P<value>(?:\$\{[^}\n]*\}|[^\"'\n])+)")


class Setting(NamedTuple):
    """A profile's name in a line of settings, with its 1-based line and column."""

    value: str
    line: int
    column: int


def settings(text: str) -> Iterator[Setting]:
    """The profiles that lines name, in their order; comments name none."""
    found = [(match.start("value"), match["value"]) for match in _SETTING.finditer(text) if match["value"]]
    for line in _LINE.finditer(text):
        found += [(line.start() + match.start("value"), match["value"]) for match in FLAG.finditer(line[0])]
    for options in _HCL_LIST.finditer(text):
        inner = _HCL_OPTION.finditer(options[0])
        found += [(options.start() + match.start("value"), match["value"]) for match in inner]
    for start, value in sorted(found):
        before = text.rfind("\n", 0, start) + 1
        yield Setting(value, text.count("\n", 0, start) + 1, start - before + 1)


def has_settings(text: str) -> bool:
    """True if any line names a profile."""
    return next(settings(text), None) is not None
